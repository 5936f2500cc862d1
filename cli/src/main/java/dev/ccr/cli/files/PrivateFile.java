package dev.ccr.cli.files;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;

/**
 * Files that hold keys, or tell of their use. They are for their owner alone (0600, in a folder
 * that is 0700 if it had to be made) where the file system knows such permissions; elsewhere they
 * inherit the folder's. A reader sees the old file or the new one, never a half.
 */
public final class PrivateFile {

  private static final String OWNER_FILE = "rw-------";
  private static final String OWNER_FOLDER = "rwx------";

  private PrivateFile() {}

  /** Writes a file anew; if it is a link, what it leads to. */
  public static void write(Path file, String text) throws IOException {
    Path target = Files.isSymbolicLink(file) ? file.toRealPath() : file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null) {
      throw new IOException(target + ": not the path of a file");
    }
    Files.createDirectories(folder, owners(folder, OWNER_FOLDER));
    Path fresh = Files.createTempFile(folder, ".ccr", ".tmp", ownersFile(folder));
    try {
      Files.writeString(fresh, text);
      try {
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /**
   * Makes sure of a file that will be added to: makes it, and its folder, if it is not there. One
   * that is there becomes its owner's alone.
   *
   * @throws IOException if it cannot be written
   */
  public static void ready(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || (Files.exists(file) && !Files.isRegularFile(file))) {
      throw new IOException(file + ": not the path of a file");
    }
    Files.createDirectories(folder, owners(folder, OWNER_FOLDER));
    Set<OpenOption> add = Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    Files.newByteChannel(file, add, ownersFile(folder)).close();
    if (isPosix(file)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(OWNER_FILE));
    }
  }

  /** Copies a file beside itself, under a name that is free; gives the copy. */
  public static Path keep(Path file) throws IOException {
    Path copy = freeName(file);
    write(copy, Files.readString(file));
    return copy;
  }

  /** Gives a file another name, under which nobody looks for it; if it is a link, the link. */
  public static Path putAside(Path file) throws IOException {
    if (isPosix(file) && !Files.isSymbolicLink(file)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(OWNER_FILE));
    }
    return Files.move(file, freeName(file));
  }

  /** Whether anything has that name, be it a link that leads nowhere. */
  public static boolean exists(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether its name says that it holds YAML. */
  public static boolean isYaml(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }

  private static Path freeName(Path file) {
    Path free = file.resolveSibling(file.getFileName() + ".bak");
    for (int i = 2; exists(free); i++) {
      free = file.resolveSibling(file.getFileName() + ".bak" + i);
    }
    return free;
  }

  /** Makes a folder, and takes from others what rights they have to one that is there. */
  public static void makeFolder(Path folder) throws IOException {
    Files.createDirectories(folder, owners(folder, OWNER_FOLDER));
    if (isPosix(folder)) {
      Set<PosixFilePermission> wanted = PosixFilePermissions.fromString(OWNER_FOLDER);
      if (!Files.getPosixFilePermissions(folder).equals(wanted)) {
        Files.setPosixFilePermissions(folder, wanted);
      }
    }
  }

  /** With what to make a file that is its owner's alone. */
  public static FileAttribute<?>[] ownersFile(Path place) {
    return owners(place, OWNER_FILE);
  }

  private static FileAttribute<?>[] owners(Path folder, String permissions) {
    return isPosix(folder)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
