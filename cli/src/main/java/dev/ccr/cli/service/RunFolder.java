package dev.ccr.cli.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ccr.cli.files.PrivateFile;
import dev.ccr.cli.files.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files that tell of running services. A file that is left behind by a killed process says
 * nothing: only its lock and its listener do.
 *
 * @param folder its owner's alone
 * @param sockets where the sockets are, its owner's alone; another folder if the path would be too
 *     long for the address of a socket
 */
record RunFolder(Path folder, Path sockets) {

  /** {@code sun_path} of {@code sockaddr_un} has 108 bytes on Linux, 104 elsewhere. */
  private static final int MAX_SOCKET_PATH = 100;

  private static final String LOCK = ".lock";
  private static final int NAME_ROOM = "/65535.sock".length();

  /** The folder of a user, to look into. Neither it nor anything in it has to be there. */
  static RunFolder of(StateFolder state) {
    Path folder = state.run().toAbsolutePath();
    return new RunFolder(folder, sockets(folder));
  }

  /** Makes what is not there yet, to write into. */
  RunFolder make(StateFolder state) throws IOException {
    state.makeRun();
    if (!sockets.equals(folder)) {
      checkSockets();
      PrivateFile.makeFolder(sockets);
    }
    return this;
  }

  private static Path sockets(Path folder) {
    if (folder.toString().getBytes(UTF_8).length + NAME_ROOM <= MAX_SOCKET_PATH) {
      return folder;
    }
    return Path.of(System.getProperty("java.io.tmpdir", "/tmp"), "ccr-" + hash(folder));
  }

  /**
   * Whoever can write to the folder of temporary files could have put one of his own there.
   *
   * @throws IOException if it is another user's
   */
  private void checkSockets() throws IOException {
    if (PrivateFile.exists(sockets) // or somebody else could have made a link of that name
        && (!Files.isDirectory(sockets, LinkOption.NOFOLLOW_LINKS)
            || !Files.getOwner(sockets, LinkOption.NOFOLLOW_LINKS)
                .equals(Files.getOwner(folder)))) {
      throw new IOException(sockets + ": somebody else's (expected: a folder of one's own)");
    }
  }

  /** Locked by the service of a port while it lives; holds what it says of itself. */
  Path lock(int port) {
    return folder.resolve(port + LOCK);
  }

  /** Where the service of a port listens for commands. */
  Path socket(int port) {
    return sockets.resolve(port + ".sock");
  }

  /** Where a service binds its socket that takes the place of another one's, for a moment. */
  Path freshSocket(int port) {
    return sockets.resolve(port + ".new");
  }

  /** Locked by whoever starts a service, so that two do not start two. */
  Path startLock() {
    return folder.resolve("start" + LOCK);
  }

  /** The ports that a service has ever been on. */
  List<Integer> ports() throws IOException {
    if (!Files.isDirectory(folder)) { // none has ever run
      return List.of();
    }
    if (!sockets.equals(folder)) {
      checkSockets();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.matches("\\d{1,5}\\" + LOCK))
          .map(name -> Integer.valueOf(name.substring(0, name.length() - LOCK.length())))
          .sorted()
          .toList();
    }
  }

  private static String hash(Path folder) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(folder.toString().getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
