package dev.ccr.proxy.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ccr.proxy.json.JsonSyntaxException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InputMeterTest {

  private static final String FOX = "The quick brown fox jumps over the lazy dog. ";

  private final InputMeter meter = new InputMeter();

  private Verdict atMost(long threshold, String json) throws JsonSyntaxException {
    ByteBuf body = Requests.body(json);
    return meter.atMost(body, meter.measure(body), threshold);
  }

  private static String user(String text) {
    return "{\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
  }

  @ParameterizedTest(name = "at most {0}: {1}")
  @CsvSource({
    "4506, NOT_LONG", // 4500 bytes and 6 tokens around them
    "4505, NOT_LONG", // but for a byte at each word
    "3607, NOT_LONG",
    "3606, UNDECIDED",
    "1007, UNDECIDED", // the truth
    "1006, UNDECIDED",
    "1005, LONG", // 900 words, 100 full stops
    "5, LONG",
    "0, LONG"
  })
  void proseIsDecidedOutsideItsBounds(long threshold, Verdict verdict) throws JsonSyntaxException {
    assertEquals(verdict, atMost(threshold, user(FOX.repeat(100))));
  }

  @Test
  void escapesCountAsWhatTheySay() throws JsonSyntaxException {
    assertEquals(Verdict.NOT_LONG, atMost(6 + 10, user("\\u0021\\n".repeat(5))));
    assertEquals(Verdict.UNDECIDED, atMost(6 + 9, user("\\u0021\\n".repeat(5))));
  }

  @Test
  void overheadsAndImagesAloneMayDecide() throws JsonSyntaxException {
    String image = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\"}]}]}";
    assertEquals(Verdict.NOT_LONG, atMost(1606, image));
    assertEquals(Verdict.LONG, atMost(1605, image));
  }

  @Test
  void whatIsTooMuchToReadIsDecidedByWhatWasRead() throws JsonSyntaxException {
    String han = "漢".repeat(InputMeter.MOST_READ / 3 + 3000); // of which no pieces are counted
    assertEquals(Verdict.NOT_LONG, atMost(3 * han.length() + 6, user(han)));
    assertEquals(Verdict.UNDECIDED, atMost(3 * han.length() + 5, user(han)));
    assertEquals(Verdict.UNDECIDED, atMost(7, user(han + FOX.repeat(100))));
    assertEquals(Verdict.LONG, atMost(7, user(FOX + han)));
    String escaped = "\\u0020".repeat(InputMeter.MOST_READ); // would be NOT_LONG
    assertEquals(Verdict.UNDECIDED, atMost(InputMeter.MOST_READ + 10, user(escaped)));
  }

  @Test
  void oldThinkingDecidesNothing() throws JsonSyntaxException {
    String thinking = "{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\""
        + FOX.repeat(100) + "\"}]}";
    String now = "{\"role\":\"user\",\"content\":\"hi\"}";
    String old = "{\"messages\":[" + now + "," + thinking + "," + now + "]}";
    assertEquals(new Measure(12, 4, old.length() - 2), meter.measure(Requests.body(old)));
    assertEquals(Verdict.NOT_LONG, atMost(20, old));
    assertEquals(Verdict.LONG, atMost(20, "{\"messages\":[" + now + "," + thinking + "]}"));
  }

  @Test
  void aBodyMayStandAnywhereInItsBuffer() throws JsonSyntaxException {
    byte[] json = user(FOX).getBytes(UTF_8);
    ByteBuf body = ByteBufAllocator.DEFAULT.directBuffer(json.length + 40);
    try {
      body.writeZero(17).writeBytes(json).readerIndex(17);
      Measure measure = meter.measure(body);
      assertEquals(new Measure(6, 45, body.writerIndex() - 2), measure);
      assertEquals(Verdict.LONG, meter.atMost(body, measure, 6));
      assertEquals(17, body.readerIndex());
    } finally {
      body.release();
    }
  }
}
