package dev.ccr.proxy.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.testing.LeakCheck;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkContentTest {

  private final EmbeddedChannel client =
      new EmbeddedChannel(new ClientCodec(Duration.ofSeconds(10)));

  private static ByteBuf filled(int length) {
    return ChunkContent.buffer(ByteBufAllocator.DEFAULT, 64)
        .writeBytes("x".repeat(length).getBytes(US_ASCII));
  }

  private void begin(boolean chunked, int length) {
    client.writeInbound(Unpooled.copiedBuffer("GET / HTTP/1.1\r\nhost: a\r\n\r\n", US_ASCII));
    client.releaseInbound();
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    if (chunked) {
      HttpUtil.setTransferEncodingChunked(head, true);
    } else {
      head.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, length);
    }
    client.writeOutbound(head);
  }

  /** What a decoder reads of all that was written. */
  private String received() {
    EmbeddedChannel decoder =
        new EmbeddedChannel(new HttpResponseDecoder(), new HttpObjectAggregator(1 << 20));
    for (ByteBuf out; (out = client.readOutbound()) != null; ) {
      decoder.writeInbound(out);
    }
    FullHttpResponse response = decoder.readInbound();
    assertTrue(response.decoderResult().isSuccess());
    String text = response.content().toString(US_ASCII);
    response.release();
    decoder.finishAndReleaseAll();
    client.finishAndReleaseAll();
    LeakCheck.check();
    return text;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9, 10, 15, 16, 63, 64, 255, 256, 4095, 4096, 65_536, 100_000})
  void aChunkIsOneBuffer(int length) {
    begin(true, length);
    client.releaseOutbound();
    client.writeOutbound(new ChunkContent(filled(length)));
    assertEquals(1, client.outboundMessages().size());
    ByteBuf chunk = client.readOutbound();
    assertEquals(
        Integer.toHexString(length) + "\r\n" + "x".repeat(length) + "\r\n",
        chunk.toString(US_ASCII));
    chunk.release();
    client.finishAndReleaseAll();
    LeakCheck.check();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whateverTheFramingTheClientReadsTheSame(boolean chunked) {
    begin(chunked, 1000);
    client.writeOutbound(new ChunkContent(filled(400)), new ChunkContent(filled(0)));
    client.writeOutbound(new ChunkContent(filled(600)), LastHttpContent.EMPTY_LAST_CONTENT);
    assertEquals("x".repeat(1000), received());
  }

  @Test
  void aBufferThatIsNotItsOwnIsLeftAsItIs() {
    begin(true, 0);
    ByteBuf shared = filled(5);
    client.writeOutbound(new ChunkContent(shared.retain()));
    client.writeOutbound(new ChunkContent(Unpooled.copiedBuffer("yy", US_ASCII)));
    client.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
    assertEquals("xxxxx", shared.toString(US_ASCII));
    assertFalse(shared.release(), "the codec has it still");
    assertEquals("xxxxxyy", received());
  }
}
