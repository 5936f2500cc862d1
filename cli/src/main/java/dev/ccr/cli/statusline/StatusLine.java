package dev.ccr.cli.statusline;

import dev.ccr.cli.files.FlatJson;
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

/** A line for Claude Code: what it tells of a session, and where the router sends it. */
public final class StatusLine {

  private static final int LARGEST_INPUT = 1 << 20; // bytes; some kilobytes are usual
  private static final int LONGEST_PART = 60;
  private static final double FULL = 90; // percent: it will be compacted soon
  private static final double FILLING = 70;

  private final Map<String, String> env;
  private final InputStream in;

  private StatusLine(Map<String, String> env, InputStream in) {
    this.env = env;
    this.in = in;
  }

  /**
   * Prints it.
   *
   * @param in where Claude Code tells of its session
   * @return the exit code: 0, whatever is told
   */
  public static int print(Map<String, String> env, InputStream in, PrintWriter out) {
    return new StatusLine(env, in).print(out);
  }

  private int print(PrintWriter out) {
    List<String> parts = parts(new Session(FlatJson.readWhatThereIs(input())));
    out.println(parts.isEmpty() ? "ccr" : String.join(" | ", parts));
    out.flush();
    return 0;
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
