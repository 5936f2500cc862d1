package dev.ccr.proxy.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.Failure;
import dev.ccr.proxy.model.Profile;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.route.RequestScan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jspecify.annotations.Nullable;

/**
 * Requests as Claude Code sends them, their texts replaced: what goes upstream is JSON, for every
 * profile, also when the request is damaged in any way that leaves it JSON.
 */
final class RealRequestsTest {

  private static final String[] REQUESTS = {
    "claude-code-tool-session", "claude-code-deferred-tools", "claude-code-1-background"
  };
  private static final String DAMAGE = "{}[]\",:n1\\";
  private static final int DAMAGED = 150;
  private static final long CAP = 16_384;

  private static byte[] request(String name) {
    try (@Nullable InputStream in =
        RealRequestsTest.class.getResourceAsStream("/requests/" + name + ".json")) {
      return in == null ? new byte[0] : in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is sent, or {@code null} if the request is refused. */
  private static byte @Nullable [] encode(Profile profile, byte[] request) {
    ByteBuf in = ByteBufAllocator.DEFAULT.directBuffer(request.length).writeBytes(request);
    try {
      RequestFacts facts = new RequestScan().scan(in);
      Splices splices = new Splices(in);
      ByteBuf out =
          splices.build(
              Dialect.codec(profile).open(facts, "anthropic/claude-x", CAP).encodeRequest(in, splices),
              ByteBufAllocator.DEFAULT);
      try {
        return ByteBufUtil.getBytes(out);
      } finally {
        out.release();
      }
    } catch (Failure refused) {
      return null;
    } finally {
      in.release();
    }
  }

  private static void assertJson(byte @Nullable [] text) throws IOException {
    if (text != null) {
      try (JsonParser parser = new JsonFactory().createParser(text)) {
        while (parser.nextToken() != null) {
          parser.skipChildren();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"claude-code-tool-session", "claude-code-deferred-tools", "claude-code-1-background"})
  void nothingThatConcernsOnlyAnthropicIsSent(String name) throws IOException {
    byte[] sent = encode(Profile.PLAIN, request(name));
    assertTrue(sent != null && sent.length > 0, "a real request is not refused");
    assertJson(sent);
    String text = new String(sent == null ? new byte[0] : sent, UTF_8);
    for (String unwanted :
        new String[] {
          "x-anthropic-billing-header",
          "DeferredToolPlaceholder",
          "context_management",
          "safeguards",
          "defer_loading",
          "\"cache_control\"",
          "\"thinking\""
        }) {
      assertFalse(text.contains(unwanted), unwanted);
    }
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void whateverIsSentIsJson(Profile profile) throws IOException {
    Random random = new Random(7);
    for (String name : REQUESTS) {
      byte[] request = request(name);
      assertJson(encode(profile, request));
      for (int i = 0; i < DAMAGED; i++) {
        byte[] damaged = request.clone();
        for (int k = random.nextInt(3); k >= 0; k--) {
          damaged[random.nextInt(damaged.length)] =
              (byte) DAMAGE.charAt(random.nextInt(DAMAGE.length()));
        }
        assertJson(encode(profile, damaged));
      }
    }
  }
}
