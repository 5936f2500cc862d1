package dev.ccr.proxy.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ccr.proxy.claude.ErrorBody;
import dev.ccr.proxy.model.Failure;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.provider.ProviderCodec;
import dev.ccr.proxy.provider.StreamTranscoder;
import dev.ccr.proxy.provider.anthropic.AnthropicCodec;
import dev.ccr.proxy.provider.openai.ChatProfile;
import dev.ccr.proxy.provider.openai.OpenAiCodec;
import dev.ccr.proxy.testing.Grammar;
import dev.ccr.proxy.testing.JsonTree;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Sends an answer through the transcoders, whole and in pieces, and checks what must hold of any
 * answer. What a fuzzer calls; its buffers are used again, so it is for one thread.
 */
public final class AnswerFuzz {

  private static final int MAX_HASHES = 100_000;
  private static final AnthropicCodec CLAUDE = new AnthropicCodec();
  private static final AnswerFuzz FUZZ = new AnswerFuzz();

  private final ByteBuf out = Unpooled.buffer();
  private final ByteBuf outOfPieces = Unpooled.buffer();

  /** Hashes of what was found to be well-formed: most changes to an answer change nothing. */
  private final Set<Integer> wellFormed = new HashSet<>();

  private AnswerFuzz() {}

  /** The door that Jazzer knows. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    FUZZ.check(FuzzInput.of(bytes));
  }

  private void check(FuzzInput input) {
    Failure failure = run(input, List.of(input.body().length), out);
    Failure failureOfPieces = run(input, input.pieceEnds(), outOfPieces);
    if (out.refCnt() != 1 || outOfPieces.refCnt() != 1) {
      throw new AssertionError("the output is only borrowed");
    }
    if (!out.equals(outOfPieces)) {
      throw new AssertionError("whole: " + text(out) + "\nin pieces: " + text(outOfPieces));
    }
    if (!describe(failure).equals(describe(failureOfPieces))) {
      throw new AssertionError(
          "whole: " + describe(failure) + "\nin pieces: " + describe(failureOfPieces));
    }
    if (input.has(FuzzInput.CLAUDE)) {
      checkPassedOn(input, failure);
    } else if (input.has(FuzzInput.CLIENT_STREAMS)) {
      if (failure != null) {
        ErrorBody.writeEvent(failure.type(), failure.getMessage(), "req_1", out);
      }
      checkGrammar();
    } else if (failure == null
        && !(JsonTree.parse(text(out)).orElse("") instanceof Map<?, ?>)) {
      throw new AssertionError("no JSON object: " + text(out));
    }
  }

  private void checkGrammar() {
    int hash = out.hashCode();
    if (!wellFormed.contains(hash)) {
      Grammar.check(text(out));
      if (wellFormed.size() == MAX_HASHES) {
        wellFormed.clear();
      }
      wellFormed.add(hash);
    }
  }

  /** The Claude API's bytes go through: all of them, or the events before a break. */
  private void checkPassedOn(FuzzInput input, @Nullable Failure failure) {
    int length = out.readableBytes();
    int most = input.body().length;
    if (length > most
        || (length < most && failure == null && input.has(FuzzInput.CLEANLY))
        || !out.equals(Unpooled.wrappedBuffer(input.body(), 0, length))) {
      throw new AssertionError("other bytes than the upstream's: " + text(out));
    }
  }

  private static @Nullable Failure run(FuzzInput input, List<Integer> ends, ByteBuf out) {
    out.clear();
    ProviderCodec codec =
        input.has(FuzzInput.CLAUDE)
            ? CLAUDE
            : new OpenAiCodec(ChatProfile.plain(), new SplittableRandom(1));
    StreamTranscoder transcoder =
        codec
            .open(
                new RequestFacts("m", -1, -1, input.has(FuzzInput.CLIENT_STREAMS)),
                "m",
                Long.MAX_VALUE)
            .openAnswer(input.has(FuzzInput.CALLED_STREAM));
    try {
      for (ByteBuf piece : pieces(input, ends)) {
        transcoder.transcode(piece, out);
        if (piece.isReadable()) {
          throw new AssertionError("a chunk must be read to its end");
        }
        if (piece.refCnt() != 1) {
          throw new AssertionError("a chunk is only borrowed");
        }
      }
      transcoder.end(input.has(FuzzInput.CLEANLY), out);
      return null;
    } catch (Failure failure) {
      return failure;
    }
  }

  private static List<ByteBuf> pieces(FuzzInput input, List<Integer> ends) {
    List<ByteBuf> pieces = new ArrayList<>(ends.size());
    int start = 0;
    for (int end : ends) {
      pieces.add(Unpooled.wrappedBuffer(input.body(), start, end - start));
      start = end;
    }
    if (!input.has(FuzzInput.COMPOSITE) || pieces.size() < 2) {
      return pieces;
    }
    CompositeByteBuf all = Unpooled.compositeBuffer(pieces.size());
    all.addComponents(true, pieces);
    return List.of(all);
  }

  private static String describe(@Nullable Failure failure) {
    return failure == null ? "" : failure.status() + " " + failure.type() + failure.getMessage();
  }

  /** Decodes strictly: half a character must never be sent. */
  private static String text(ByteBuf bytes) {
    ByteBuffer nio = bytes.nioBuffer();
    try {
      return UTF_8.newDecoder().decode(nio).toString();
    } catch (CharacterCodingException e) {
      throw new AssertionError("not UTF-8", e);
    }
  }
}
