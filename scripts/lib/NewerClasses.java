import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Writes the classes of a jar again in the format of Java 8, with the stack maps that it asks for.
 * An AOT cache does not take older classes, and a JVM verifies them in a slow way. What they do
 * stays the same. Argument: the jar, which is replaced; its manifest tells of the change.
 */
final class NewerClasses {

  private static final String MANIFEST = "META-INF/MANIFEST.MF";

  private NewerClasses() {}

  public static void main(String[] args) throws IOException {
    Path jar = Path.of(args[0]);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (URLClassLoader classes =
            new URLClassLoader(
                new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
        ZipFile in = new ZipFile(jar.toFile());
        ZipOutputStream out = new ZipOutputStream(bytes)) {
      ClassFile format =
          ClassFile.of(
              StackMapsOption.GENERATE_STACK_MAPS,
              ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(classes)));
      for (ZipEntry entry : in.stream().toList()) {
        byte[] content = in.getInputStream(entry).readAllBytes();
        if (entry.getName().equals(MANIFEST)) {
          content = told(in, entry);
        } else if (entry.getName().endsWith(".class")) {
          content = newer(format, content);
        }
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTimeLocal(entry.getTimeLocal());
        out.putNextEntry(copy);
        out.write(content);
      }
    }
    Files.write(jar, bytes.toByteArray());
  }

  private static byte[] newer(ClassFile format, byte[] content) {
    ClassModel model = format.parse(content);
    if (model.majorVersion() >= ClassFile.JAVA_8_VERSION) {
      return content;
    }
    ClassTransform version = ClassTransform.dropping(ClassFileVersion.class::isInstance);
    ClassTransform code = ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL);
    return format.transformClass(
        model,
        version
            .andThen(code)
            .andThen(
                ClassTransform.endHandler(
                    builder -> builder.withVersion(ClassFile.JAVA_8_VERSION, 0))));
  }

  private static byte[] told(ZipFile in, ZipEntry entry) throws IOException {
    Manifest manifest = new Manifest(in.getInputStream(entry));
    manifest
        .getMainAttributes()
        .put(new Attributes.Name("Changed-By-Ccr"), "classes are in the format of Java 8");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    manifest.write(bytes);
    return bytes.toByteArray();
  }
}
