package dev.ccr.proxy.config;

import static dev.ccr.proxy.config.ConfigProblems.WHOLE_FILE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The configuration as a file: where it is, what it holds, who may read it. */
final class ConfigFile {
  /** Bytes; a large configuration has a few thousand. */
  static final int MAX_SIZE = 1 << 20;

  private ConfigFile() {}

  /** The home directory the environment names, or else the one the system names. */
  static Path home(Map<String, String> env, boolean windows) {
    String home = env.getOrDefault(windows ? "USERPROFILE" : "HOME", "");
    return Path.of(home.isEmpty() ? System.getProperty("user.home", "") : home);
  }

  static boolean onWindows() {
    return System.getProperty("os.name", "").startsWith("Windows");
  }

  /** The file's text, if it can be had: UTF-8, at most {@link #MAX_SIZE} bytes. */
  static String text(Path file, Map<String, String> env) throws ConfigException {
    ConfigProblems problems = new ConfigProblems(tilde(file, env));
    try {
      if (Files.isDirectory(file)) {
        problems.problem(WHOLE_FILE, "a directory", "a file");
        throw problems.exception();
      }
      byte[] bytes;
      try (InputStream in = Files.newInputStream(file)) {
        bytes = in.readNBytes(MAX_SIZE + 1);
      }
      if (bytes.length > MAX_SIZE) {
        problems.problem(WHOLE_FILE, "more than " + MAX_SIZE + " bytes", "at most 1 MiB");
        throw problems.exception();
      }
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      problems.problem(WHOLE_FILE, "no such file", "a configuration; the README shows the smallest one");
    } catch (AccessDeniedException e) {
      problems.problem(WHOLE_FILE, "permission denied", "a readable file");
    } catch (CharacterCodingException e) {
      problems.problem(WHOLE_FILE, "not UTF-8", "UTF-8");
    } catch (IOException e) {
      String reason = ConfigProblems.printable(String.valueOf(e.getMessage()));
      problems.problem(WHOLE_FILE, reason, "a readable file");
    }
    throw problems.exception();
  }

  private static String tilde(Path file, Map<String, String> env) {
    Path absolute = file.toAbsolutePath().normalize();
    Path home = home(env, onWindows());
    return absolute.startsWith(home)
        ? "~/" + home.relativize(absolute).toString().replace(File.separatorChar, '/')
        : file.toString();
  }

  /**
   * The file's permissions in octal, four digits, if others than its owner may read it; {@code
   * null} if not, or if the file system knows no such permissions.
   */
  static @Nullable String looseMode(Path file) {
    Set<PosixFilePermission> permissions;
    try {
      permissions = Files.getPosixFilePermissions(file);
    } catch (UnsupportedOperationException | IOException e) {
      return null;
    }
    if (!permissions.contains(PosixFilePermission.GROUP_READ)
        && !permissions.contains(PosixFilePermission.OTHERS_READ)) {
      return null;
    }
    int mode = 0;
    String letters = PosixFilePermissions.toString(permissions); // rw-r--r-- for 0644
    for (int i = 0; i < letters.length(); i++) {
      mode = mode << 1 | (letters.charAt(i) == '-' ? 0 : 1);
    }
    return String.format("%04o", mode);
  }
}
