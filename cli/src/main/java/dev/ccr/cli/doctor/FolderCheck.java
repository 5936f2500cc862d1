package dev.ccr.cli.doctor;

import dev.ccr.cli.files.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether the router can write what it keeps, and nobody else can. */
final class FolderCheck {

  private static final String CHECK = "folder";
  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rwx------");

  private FolderCheck() {}

  static List<Finding> run(Map<String, String> env) {
    Path root = StateFolder.of(env).root().toAbsolutePath();
    if (!Files.exists(root)) {
      return List.of(Finding.ok(CHECK, root + " will be made when something is written"));
    }
    if (!Files.isDirectory(root) || !Files.isWritable(root)) {
      return List.of(
          Finding.problem(
              CHECK,
              root + ": cannot be written to",
              "Let it be a folder of your own: chown, chmod"));
    }
    List<Finding> findings = new ArrayList<>();
    // Others may look into the folder itself; what is in it says more.
    check(root, PosixFilePermissions.fromString("----w--w-"), findings);
    for (String name : List.of("run", "logs")) {
      Set<PosixFilePermission> others = PosixFilePermissions.fromString("---rwxrwx");
      check(root.resolve(name), others, findings);
    }
    return findings.isEmpty() ? List.of(Finding.ok(CHECK, root + " is yours")) : findings;
  }

  private static void check(
      Path folder, Set<PosixFilePermission> unwanted, List<Finding> findings) {
    try {
      if (Files.exists(folder)
          && Files.getPosixFilePermissions(folder).stream().anyMatch(unwanted::contains)) {
        findings.add(
            Finding.warning(
                CHECK,
                folder + ": others get into it (expected: " + PosixFilePermissions.toString(OWNERS)
                    + ")",
                "chmod 700 " + folder));
      }
    } catch (UnsupportedOperationException e) {
      // no such permissions there
    } catch (IOException e) {
      findings.add(Finding.warning(CHECK, folder + ": cannot be looked at", "Check its owner."));
    }
  }
}
