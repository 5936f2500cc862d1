package dev.ccr.proxy.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Ways in which a network may cut a body: not at all, at every byte, at every pair of places, and at
 * random. A cut is a list of offsets, rising, between 0 and the length.
 */
public final class Cuts {

  /** Up to this length every pair of places is tried; beyond it, every place and some pairs. */
  private static final int ALL_PAIRS_LENGTH = 600;

  /** Up to this length every place is tried; beyond it, some pairs. */
  private static final int ALL_PLACES_LENGTH = 20_000;

  private static final int RANDOM_PAIRS = 2_000;
  private static final int RANDOM_PAIRS_OF_LONG = 200;
  private static final int RANDOM_CUTS = 300;
  private static final long SEED = 42;

  private Cuts() {}

  /** All ways to cut {@code length} bytes that are tried. */
  public static Stream<int[]> of(int length) {
    Stream<int[]> wholeAndSingleBytes =
        Stream.of(new int[0], IntStream.range(1, Math.max(1, length)).toArray());
    return Stream.of(wholeAndSingleBytes, pairs(length), random(length)).flatMap(s -> s);
  }

  /** Cuts {@code bytes} at the given offsets. */
  public static List<byte[]> cut(byte[] bytes, int[] offsets) {
    List<byte[]> pieces = new ArrayList<>();
    int start = 0;
    for (int offset : offsets) {
      pieces.add(Arrays.copyOfRange(bytes, start, offset));
      start = offset;
    }
    pieces.add(Arrays.copyOfRange(bytes, start, bytes.length));
    return pieces;
  }

  private static Stream<int[]> pairs(int length) {
    if (length <= ALL_PAIRS_LENGTH) {
      return IntStream.rangeClosed(0, length)
          .boxed()
          .flatMap(i -> IntStream.rangeClosed(i, length).mapToObj(j -> new int[] {i, j}));
    }
    Random random = new Random(SEED);
    boolean all = length <= ALL_PLACES_LENGTH;
    Stream<int[]> single =
        IntStream.rangeClosed(0, all ? length : 0).mapToObj(i -> new int[] {i});
    return Stream.concat(
        single,
        Stream.generate(() -> rising(random, 2, length))
            .limit(all ? RANDOM_PAIRS : RANDOM_PAIRS_OF_LONG));
  }

  private static Stream<int[]> random(int length) {
    Random random = new Random(SEED);
    return Stream.generate(() -> rising(random, 1 + random.nextInt(40), length))
        .limit(RANDOM_CUTS);
  }

  private static int[] rising(Random random, int count, int length) {
    return random.ints(count, 0, length + 1).sorted().toArray();
  }
}
