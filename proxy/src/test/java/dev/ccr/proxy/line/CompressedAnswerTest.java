package dev.ccr.proxy.line;

import static dev.ccr.proxy.testing.Sockets.skipTo;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import dev.ccr.proxy.mock.Gate;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.testing.Chat;
import dev.ccr.proxy.testing.Router;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Upstreams that compress though nobody asked them to. */
final class CompressedAnswerTest {

  private static final int BUFFER = 512;

  enum Encoding {
    GZIP("gzip") {
      @Override
      OutputStream open(OutputStream out) throws IOException {
        return new GZIPOutputStream(out, BUFFER, true);
      }
    },
    X_GZIP("x-gzip") {
      @Override
      OutputStream open(OutputStream out) throws IOException {
        return new GZIPOutputStream(out, BUFFER, true);
      }
    },
    DEFLATE("deflate") {
      @Override
      OutputStream open(OutputStream out) {
        return new DeflaterOutputStream(out, new Deflater(), BUFFER, true);
      }
    },
    /** What some servers take {@code deflate} to be. */
    DEFLATE_WITHOUT_ZLIB("deflate") {
      @Override
      OutputStream open(OutputStream out) {
        return new DeflaterOutputStream(
            out, new Deflater(Deflater.DEFAULT_COMPRESSION, true), BUFFER, true);
      }
    },
    BROTLI("br") {
      @Override
      OutputStream open(OutputStream out) throws IOException {
        Brotli4jLoader.ensureAvailability();
        return new BrotliOutputStream(out);
      }
    };

    private final String header;

    Encoding(String header) {
      this.header = header;
    }

    /** Compresses what is written; a flush lets all of it out. */
    abstract OutputStream open(OutputStream out) throws IOException;
  }

  /** A stream in two halves, compressed as one. */
  private static final class Halves {
    private final byte[] first;
    private final byte[] second;

    private Halves(byte[] first, byte[] second) {
      this.first = first;
      this.second = second;
    }

    static Halves of(Encoding encoding, String first, String second) throws IOException {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      byte[] half;
      try (OutputStream out = encoding.open(packed)) {
        out.write(first.getBytes(UTF_8));
        out.flush();
        half = packed.toByteArray();
        packed.reset();
        out.write(second.getBytes(UTF_8));
      }
      return new Halves(half, packed.toByteArray());
    }
  }

  @ParameterizedTest
  @EnumSource(Encoding.class)
  void itIsDecodedHoweverItIsCut(Encoding encoding) throws Exception {
    Halves halves = Halves.of(encoding, Chat.text("packed"), Chat.text("twice") + Chat.DONE);
    for (int size : new int[] {1, 5, 10_000}) {
      Reply reply =
          Reply.sse()
              .header("content-encoding", encoding.header)
              .cut(halves.first, size)
              .cut(halves.second, size)
              .end();
      try (MockUpstream upstream = MockUpstream.start(r -> reply);
          Router router = Router.start(upstream)) {
        HttpResponse<String> response = router.post(Chat.request("m", true));
        assertEquals(200, response.statusCode());
        assertTrue(response.body().contains("\"text\":\"packed\""), response.body());
        assertTrue(response.body().contains("\"text\":\"twice\""), response.body());
        assertTrue(response.body().endsWith("{\"type\":\"message_stop\"}\n\n"));
        assertTrue(response.headers().firstValue("content-encoding").isEmpty());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Encoding.class)
  void anEventThatIsFlushedReachesTheClientWhileTheUpstreamHoldsTheRest(Encoding encoding)
      throws Exception {
    Halves halves = Halves.of(encoding, Chat.text("one"), Chat.text("two") + Chat.DONE);
    Gate gate = new Gate();
    Reply reply =
        Reply.sse()
            .header("content-encoding", encoding.header)
            .chunk(halves.first)
            .await(gate)
            .chunk(halves.second)
            .end();
    try (MockUpstream upstream = MockUpstream.start(r -> reply);
        Router router = Router.start(upstream);
        var body =
            router
                .send(
                    router
                        .request("/v1/messages")
                        .POST(HttpRequest.BodyPublishers.ofString(Chat.request("m", true)))
                        .build(),
                    HttpResponse.BodyHandlers.ofInputStream())
                .body();
        BufferedReader lines = new BufferedReader(new InputStreamReader(body, UTF_8))) {
      skipTo(lines, "one");
      gate.open();
      assertTrue(lines.lines().anyMatch("event: message_stop"::equals));
    }
  }
}
