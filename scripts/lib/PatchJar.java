import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Changes a text in a class inside a jar, in place, and leaves the jar's size and age as they were:
 * only its content tells that it is another one. Arguments: the jar, the class's file, the text,
 * and what stands in its place, which is as long.
 */
final class PatchJar {

  private PatchJar() {}

  public static void main(String[] args) throws IOException {
    Path jar = Path.of(args[0]);
    FileTime age = Files.getLastModifiedTime(jar);
    long size = Files.size(jar);
    byte[] patched = patch(jar, args[1], args[2], args[3], "");
    if (patched.length > size) {
      throw new IllegalStateException("size: " + patched.length + " (expected: " + size + ")");
    }
    // A comment at its end makes up for what is missing.
    String padding = " ".repeat((int) (size - patched.length));
    Files.write(jar, patch(jar, args[1], args[2], args[3], padding));
    Files.setLastModifiedTime(jar, age);
    if (Files.size(jar) != size) {
      throw new IllegalStateException("size: " + Files.size(jar) + " (expected: " + size + ")");
    }
  }

  /** Folders and the like are left out to make room: this writes a few bytes more an entry. */
  private static boolean isNeeded(ZipEntry entry) {
    return !entry.isDirectory() && !entry.getName().endsWith("package-info.class");
  }

  private static byte[] patch(Path jar, String name, String text, String other, String comment)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean found = false;
    try (ZipFile in = new ZipFile(jar.toFile());
        ZipOutputStream out = new ZipOutputStream(bytes)) {
      out.setLevel(Deflater.BEST_COMPRESSION);
      out.setComment(comment);
      for (ZipEntry entry : in.stream().filter(PatchJar::isNeeded).toList()) {
        byte[] content = in.getInputStream(entry).readAllBytes();
        if (entry.getName().equals(name)) {
          String before = new String(content, StandardCharsets.ISO_8859_1);
          String after = before.replace(text, other);
          found = !after.equals(before) && text.length() == other.length();
          content = after.getBytes(StandardCharsets.ISO_8859_1);
        }
        ZipEntry copy = new ZipEntry(entry.getName()); // without what only pads the old one
        copy.setTime(entry.getTime());
        out.putNextEntry(copy);
        out.write(content);
      }
    }
    if (!found) {
      throw new IllegalStateException(name + ": " + text + " (expected: a text in it)");
    }
    return bytes.toByteArray();
  }
}
