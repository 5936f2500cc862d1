package dev.ccr.proxy.server;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The entry of a unix socket in its folder: what may be in its place, who may use it, its end. */
final class UnixSocketFile {

  private final Path path;
  private @Nullable Object identity;

  UnixSocketFile(Path path) {
    this.path = path;
  }

  /**
   * Makes room for a new socket: one that nobody answers on is of a router that crashed.
   *
   * @throws IOException if the place is taken by a router that runs, or by another kind of file
   */
  void clear() throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!attributes().isOther()) {
      throw new IOException("a file (expected: nothing, or a socket that nobody listens on)");
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException refused) {
      Files.deleteIfExists(path);
      return;
    }
    throw new IOException("in use (expected: a socket that nobody listens on)");
  }

  /** Keeps others than the owner out, who may not write to it by then where it was just made. */
  void secure() throws IOException {
    if (Files.getFileStore(path).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }
    identity = attributes().fileKey();
  }

  /** Takes it away, unless another has come in its place. */
  void remove() {
    try {
      if (Objects.equals(attributes().fileKey(), identity)) {
        Files.delete(path);
      }
    } catch (IOException gone) {
      // nothing is left to remove
    }
  }

  private BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(
        path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }
}
