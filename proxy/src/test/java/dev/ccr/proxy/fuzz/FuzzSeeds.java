package dev.ccr.proxy.fuzz;

import dev.ccr.proxy.catalog.Dialect;
import dev.ccr.proxy.testing.Fixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Where a fuzzer begins: the upstream answers of all fixtures. */
public final class FuzzSeeds {

  private static final int[] LONGEST_PIECES = {20, 5, 255};

  private FuzzSeeds() {}

  /** Writes the seeds to a folder, one file each. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    int count = 0;
    for (byte[] seed : (Iterable<byte[]>) all()::iterator) {
      Files.write(folder.resolve("seed-" + count++), seed);
    }
  }

  /** Every fixture, for both kinds of clients, whole and cut off, in pieces of several sizes. */
  static Stream<byte[]> all() {
    return Arrays.stream(Dialect.values())
        .flatMap(dialect -> Fixture.of(dialect.folder()).stream())
        .flatMap(FuzzSeeds::of)
        .map(FuzzInput::toBytes);
  }

  private static Stream<FuzzInput> of(Fixture fixture) {
    int flags =
        (fixture.dialect().equals(Dialect.ANTHROPIC.folder()) ? FuzzInput.CLAUDE : 0)
            | (fixture.upstreamStreams() ? FuzzInput.CALLED_STREAM : 0);
    int[] more = {
      FuzzInput.CLEANLY,
      FuzzInput.CLEANLY | FuzzInput.CLIENT_STREAMS,
      FuzzInput.CLIENT_STREAMS | FuzzInput.COMPOSITE
    };
    return IntStream.range(0, more.length)
        .mapToObj(
            i -> new FuzzInput(flags | more[i], LONGEST_PIECES[i], i, fixture.upstreamAnswer()));
  }
}
