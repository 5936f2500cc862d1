package dev.ccr.proxy.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What tells without reading it that a file is another one than before: where its path leads, and
 * the file system's own marks. Immutable.
 *
 * @param real the path without links; {@code null} if there is no such file
 * @param key the file's identity, where the file system has one (an inode, say)
 */
record FileStamp(@Nullable Path real, long size, FileTime modified, @Nullable Object key) {

  private static final FileStamp ABSENT = new FileStamp(null, 0, FileTime.fromMillis(0), null);

  static FileStamp of(Path file) {
    try {
      Path real = file.toRealPath();
      BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
      return new FileStamp(
          real, attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
    } catch (IOException e) { // not there, or not to be seen: reading it will say why
      return ABSENT;
    }
  }

  /** Written out: the JVM takes longest over its own where it would compete with the start. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FileStamp stamp
        && size == stamp.size
        && modified.equals(stamp.modified)
        && Objects.equals(real, stamp.real)
        && Objects.equals(key, stamp.key);
  }

  @Override
  public int hashCode() {
    return modified.hashCode();
  }
}
