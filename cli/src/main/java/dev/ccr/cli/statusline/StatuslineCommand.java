package dev.ccr.cli.statusline;

import dev.ccr.cli.terminal.Help;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * {@code ccr statusline}: one line about a session of Claude Code, which tells of it on standard
 * input. Whatever comes, a line is printed and nothing fails: the line would be blank otherwise.
 */
public final class StatuslineCommand implements Callable<Integer> {

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
    return StatusLine.print(env, in, spec.commandLine().getOut());
  }
}
