package dev.ccr.cli.completion;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Writes the completions of a command and of all below it for fish, which shows descriptions. */
final class FishScript {

  /**
   * The conditions: {@code _at} is true if the words so far, without options, are these; {@code
   * _in} if they begin with these.
   */
  private static final String CONDITIONS =
      """
      function __NAME_words
          set -l words (commandline -opc)
          set -e words[1]
          string match --invert -- '-*' $words
      end
      function __NAME_at
          set -l words (__NAME_words)
          test "$words" = "$argv"
      end
      function __NAME_in
          set -l words (__NAME_words)
          string match --quiet -- "$argv *" "$words "
      end
      """;

  private final CommandSpec root;
  private final StringBuilder script = new StringBuilder();

  FishScript(CommandSpec root) {
    this.root = root;
  }

  String text() {
    script.setLength(0);
    script
        .append("# Completions of ").append(root.name()).append(" for fish.\n")
        .append(CONDITIONS.replace("NAME", root.name()));
    line("-f");
    command(root, "");
    return script.toString();
  }

  /** @param path the names that lead to it, without the root's */
  private void command(CommandSpec spec, String path) {
    boolean leaf = spec.subcommands().isEmpty();
    String here = "__" + root.name() + (leaf ? "_in" : "_at") + (path.isEmpty() ? "" : " " + path);
    String condition = "-n " + quoted(here);
    for (OptionSpec option : spec.options()) {
      if (!option.hidden()) {
        line(condition, option(option));
      }
    }
    for (PositionalParamSpec positional : spec.positionalParameters()) {
      positional(positional, condition, path);
    }
    Set<CommandLine> seen = new HashSet<>();
    for (CommandLine each : spec.subcommands().values()) {
      if (!seen.add(each) || each.getCommandSpec().usageMessage().hidden()) {
        continue; // an alias has the same one
      }
      for (String name : each.getCommandSpec().names()) {
        line(condition, "-a " + quoted(name), described(each.getCommandSpec()));
        command(each.getCommandSpec(), path.isEmpty() ? name : path + " " + name);
      }
    }
  }

  private static String option(OptionSpec option) {
    List<String> parts = new ArrayList<>();
    for (String name : option.names()) {
      parts.add(name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1));
    }
    if (option.arity().max() > 0) {
      parts.add(takesFile(option) ? "-r -F" : "-x");
      parts.addAll(candidates(option));
    }
    parts.add(described(option.description()));
    return String.join(" ", parts);
  }

  private void positional(PositionalParamSpec positional, String condition, String path) {
    if (takesFile(positional)) {
      line(condition, "-F");
    } else if (positional.index().min() == 0) { // where others stand is not known here
      for (String candidates : candidates(positional)) {
        line(
            "-n " + quoted("__" + root.name() + "_at " + path),
            candidates,
            described(positional.description()));
      }
    }
  }

  private static boolean takesFile(ArgSpec arg) {
    return arg.type().equals(Path.class) || arg.paramLabel().equals("FILE");
  }

  private static List<String> candidates(ArgSpec arg) {
    if (arg.completionCandidates() == null) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    arg.completionCandidates().forEach(names::add);
    return List.of("-a " + quoted(String.join(" ", names)));
  }

  private static String described(CommandSpec spec) {
    return described(spec.usageMessage().description());
  }

  /** The first sentence, without its end. */
  private static String described(String... description) {
    String first = description.length == 0 ? "" : description[0];
    return "-d " + quoted(first.split("[.:;](\\s|$)", 2)[0]);
  }

  private void line(String... parts) {
    script.append("complete -c ").append(root.name());
    for (String part : parts) {
      script.append(' ').append(part);
    }
    script.append('\n');
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
