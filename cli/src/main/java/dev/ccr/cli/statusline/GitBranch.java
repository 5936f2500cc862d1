package dev.ccr.cli.statusline;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads which branch a folder is on. Runs no program: that takes longer than all the rest. */
final class GitBranch {

  private static final int LONGEST = 4096; // bytes of a file that has one line
  private static final int SHORT_HASH = 7;
  private static final String BRANCH = "ref: refs/heads/";

  /** Stands there if the branch is kept elsewhere. */
  private static final String ELSEWHERE = BRANCH + ".invalid";

  private GitBranch() {}

  /** The branch, or the short hash of what is checked out; empty if there is no repository. */
  static String of(Path folder) {
    for (Path each = folder.toAbsolutePath(); each != null; each = each.getParent()) {
      Path git = each.resolve(".git");
      if (Files.exists(git)) {
        Path data = data(git);
        return data == null ? "" : branch(line(data.resolve("HEAD")));
      }
    }
    return "";
  }

  /** Where the repository is: worktrees and submodules have a file that says so. */
  private static @Nullable Path data(Path git) {
    if (Files.isDirectory(git)) {
      return git;
    }
    String line = line(git);
    try {
      return line.startsWith("gitdir:")
          ? git.resolveSibling(line.substring("gitdir:".length()).strip())
          : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static String branch(String head) {
    if (head.startsWith(BRANCH)) {
      return head.equals(ELSEWHERE) ? "" : head.substring(BRANCH.length());
    }
    return head.matches("[0-9a-f]{40,64}") ? head.substring(0, SHORT_HASH) : "";
  }

  private static String line(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(LONGEST), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
