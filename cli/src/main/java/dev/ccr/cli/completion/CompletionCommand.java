package dev.ccr.cli.completion;

import dev.ccr.cli.terminal.Help;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/** {@code ccr completion}: the script by which a shell completes commands and options. */
public final class CompletionCommand implements Callable<Integer> {

  private static final List<String> SHELLS = List.of("bash", "zsh", "fish");

  private final Supplier<CommandLine> all;
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  private CompletionCommand(Supplier<CommandLine> all) {
    this.all = all;
  }

  /**
   * The command's specification.
   *
   * @param all the command line with every command, asked for only if a script is
   */
  public static CommandSpec spec(Supplier<CommandLine> all) {
    CommandSpec spec = new CompletionCommand(all).spec;
    spec.name("completion");
    Help.addTo(spec);
    spec.usageMessage()
        .description(
            "Prints the script by which a shell completes commands and options:",
            "  eval \"$(ccr completion bash)\"    in ~/.bashrc, likewise zsh in ~/.zshrc",
            "  ccr completion fish > ~/.config/fish/completions/ccr.fish");
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("1")
            .required(true)
            .paramLabel("SHELL")
            .type(String.class)
            .completionCandidates(SHELLS)
            .description("One of ${COMPLETION-CANDIDATES}.")
            .build());
    return spec;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    String shell = spec.commandLine().getParseResult().matchedPositionalValue(0, "");
    CommandLine ccr = all.get();
    String script =
        switch (shell) {
          case "bash", "zsh" -> AutoComplete.bash(ccr.getCommandName(), ccr); // zsh runs it too
          case "fish" -> new FishScript(ccr.getCommandSpec()).text();
          default ->
              throw new ParameterException(
                  spec.commandLine(),
                  "SHELL: " + shell + " (expected: " + String.join(", ", SHELLS) + ")");
        };
    out.print(script.replace("\r\n", "\n"));
    out.flush();
    return ExitCode.OK;
  }
}
