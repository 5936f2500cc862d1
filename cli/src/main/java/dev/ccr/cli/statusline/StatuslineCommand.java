package dev.ccr.cli.statusline;

import dev.ccr.cli.files.FlatJson;
import dev.ccr.cli.terminal.Help;
import dev.ccr.cli.terminal.Style;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code ccr statusline}: one line about a session of Claude Code, which tells of it on standard
 * input. Whatever comes, a line is printed and nothing fails: the line would be blank otherwise.
 */
public final class StatuslineCommand implements Callable<Integer> {

  private static final int LARGEST_INPUT = 1 << 20; // bytes; some kilobytes are usual
  private static final int LONGEST_PART = 60;
  private static final double FULL = 90; // percent: it will be compacted soon
  private static final double FILLING = 70;

  private final Map<String, String> env;
  private final InputStream in;
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  private StatuslineCommand(Map<String, String> env, InputStream in) {
    this.env = env;
    this.in = in;
  }

  /**
   * The command's specification.
   *
   * @param in where Claude Code tells of its session
   */
  public static CommandSpec spec(Map<String, String> env, InputStream in) {
    CommandSpec spec = new StatuslineCommand(env, in).spec;
    spec.name("statusline");
    Help.addTo(spec);
    spec.usageMessage()
        .description(
            "Prints a status line for Claude Code: the model and where the router sends it, the"
                + " folder, the branch, what the context holds, the cost. In"
                + " ~/.claude/settings.json:",
            "  \"statusLine\": {\"type\": \"command\", \"command\": \"ccr statusline\"}");
    return spec;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<String> parts = parts(new Session(FlatJson.readWhatThereIs(input())));
    out.println(parts.isEmpty() ? "ccr" : String.join(" | ", parts));
    out.flush();
    return ExitCode.OK;
  }

  private byte[] input() {
    try {
      return in.readNBytes(LARGEST_INPUT);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private List<String> parts(Session session) {
    // Claude Code shows colours, though what it reads is a pipe.
    Style style = Style.of(env, true, false);
    List<String> parts = new ArrayList<>();
    String model = plain(session.first("model.display_name", "model.id", "model"));
    String routed = plain(RoutedModel.of(session, env));
    String both = routed.isEmpty() || routed.equals(model) ? model : model + " -> " + routed;
    add(style.green(both), both, parts);
    String folder = session.first("workspace.current_dir", "cwd", "workspace.project_dir");
    add(plain(name(folder)), folder, parts);
    String branch = plain(branch(folder));
    add(style.yellow(branch), branch, parts);
    String context = context(session);
    add(coloured(context, session.percent(), style), context, parts);
    double cost = session.number("cost.total_cost_usd");
    if (cost >= 0) {
      parts.add(String.format(Locale.ROOT, "$%.2f", cost));
    }
    return parts;
  }

  private static void add(String shown, String plain, List<String> parts) {
    if (!plain.isEmpty()) {
      parts.add(shown);
    }
  }

  private static String coloured(String context, double percent, Style style) {
    return percent >= FULL
        ? style.red(context)
        : percent >= FILLING ? style.yellow(context) : context;
  }

  private static String context(Session session) {
    OptionalLong tokens = session.tokens();
    double percent = session.percent();
    String share = percent < 0 ? "" : String.format(Locale.ROOT, "%.0f%%", percent);
    if (tokens.isEmpty()) {
      return share.isEmpty() ? "" : share + " of the context";
    }
    long count = tokens.getAsLong();
    String amount =
        count < 1000 ? String.valueOf(count) : String.format(Locale.ROOT, "%.1fk", count / 1000.0);
    return amount + " tokens" + (share.isEmpty() ? "" : " " + share);
  }

  private static String name(String folder) {
    try {
      Path name = Path.of(folder).getFileName();
      return name == null ? folder : name.toString();
    } catch (InvalidPathException e) {
      return folder;
    }
  }

  private static String branch(String folder) {
    try {
      return folder.isEmpty() ? "" : GitBranch.of(Path.of(folder));
    } catch (InvalidPathException e) {
      return "";
    }
  }

  /** Without what a terminal would obey, or show out of place; and not too long. */
  private static String plain(String text) {
    String plain = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "").strip();
    return plain.codePointCount(0, plain.length()) <= LONGEST_PART
        ? plain
        : plain.substring(0, plain.offsetByCodePoints(0, LONGEST_PART)) + "...";
  }
}
