package dev.ccr.proxy.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The fuzzer's check over its seeds and over all that it has ever found, which is kept in {@code
 * src/test/resources/dev/ccr/proxy/fuzz/AnswerFuzzTestInputs/}. {@code scripts/fuzz} looks for more.
 */
final class AnswerFuzzTest {

  static Stream<byte[]> seeds() {
    return FuzzSeeds.all();
  }

  @FuzzTest
  @MethodSource("seeds")
  void anAnswerIsWellFormedOrAFailureHoweverItIsCut(byte[] input) {
    AnswerFuzz.fuzzerTestOneInput(input);
  }
}
