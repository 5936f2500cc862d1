package dev.ccr.cli.code;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A shell, and how it is told to set variables: so that it takes values as they are. */
enum Shell {
  /** Those of POSIX: bash, zsh, dash and their like. */
  SH {
    @Override
    String set(String name, String value) {
      return "export " + name + "='" + value.replace("'", "'\\''") + "'";
    }

    @Override
    String unset(String name) {
      return "unset " + name;
    }
  },

  FISH {
    @Override
    String set(String name, String value) {
      return "set -gx " + name + " '" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    @Override
    String unset(String name) {
      return "set -e " + name;
    }
  },

  POWERSHELL {
    @Override
    String set(String name, String value) {
      // Typographic quotes end a text as well.
      return "$env:" + name + " = '" + value.replaceAll("['\u2018-\u201b]", "$0$0") + "'";
    }

    @Override
    String unset(String name) {
      return "Remove-Item Env:" + name + " -ErrorAction SilentlyContinue";
    }
  },

  /** Has no quoting: what it takes apart even inside of quotes cannot be said. */
  CMD {
    @Override
    String set(String name, String value) {
      return "set \"" + name + "=" + value + "\"";
    }

    @Override
    String unset(String name) {
      return "set \"" + name + "=\"";
    }

    @Override
    boolean takes(String value) {
      return value.chars().noneMatch(c -> c < ' ' || "\"%!".indexOf(c) >= 0);
    }
  };

  /** The command that sets a variable. */
  abstract String set(String name, String value);

  /** The command after which a variable is not set, be it that it never was. */
  abstract String unset(String name);

  /** Whether a value can be said. */
  boolean takes(String value) {
    return value.indexOf(0) < 0;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Shell> of(String name) {
    return Arrays.stream(values()).filter(shell -> shell.toString().equals(name)).findFirst();
  }

  /** What they are called. */
  static List<String> names() {
    return Arrays.stream(values()).map(Shell::toString).toList();
  }

  /** The whole of it, a command a line, ended as all of these shells take it. */
  String script(Map<String, String> set, List<String> unset) {
    return set.entrySet().stream()
            .map(each -> set(each.getKey(), each.getValue()) + "\n")
            .collect(Collectors.joining())
        + unset.stream().map(name -> unset(name) + "\n").collect(Collectors.joining());
  }
}
