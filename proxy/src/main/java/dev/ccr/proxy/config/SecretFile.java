package dev.ccr.proxy.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that holds nothing but a key, as container platforms mount it. Its path is no secret, its
 * content is.
 */
record SecretFile(Path path) {
  private static final int MAX_SIZE = 1 << 16;

  /** The file of an absolute path, which may begin with {@code //} as in URLs; or {@code null}. */
  static @Nullable SecretFile of(String path) {
    try {
      Path parsed = Path.of(path.startsWith("///") ? path.substring(2) : path.strip());
      return parsed.isAbsolute() ? new SecretFile(parsed) : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /** The stripped content, or {@code null} with a problem. */
  @Nullable String read(int line, String key, ConfigProblems problems) {
    String fault;
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_SIZE + 1);
      if (bytes.length <= MAX_SIZE) {
        String mode = ConfigFile.looseMode(path);
        if (mode != null) {
          problems.warning(
              line,
              key + ": " + this + ": mode " + mode + " (expected: 0600, since it holds a key)");
        }
        return new String(bytes, UTF_8).strip();
      }
      fault = "more than " + MAX_SIZE + " bytes";
    } catch (NoSuchFileException e) {
      fault = "no such file";
    } catch (AccessDeniedException e) {
      fault = "permission denied";
    } catch (IOException e) {
      fault = Files.isDirectory(path) ? "a directory" : "not readable";
    }
    problems.problem(line, key, this + ": " + fault, "a readable file that holds a key");
    return null;
  }

  /** The path, fit for a message. */
  @Override
  public String toString() {
    return ConfigProblems.printable(path.toString());
  }
}
