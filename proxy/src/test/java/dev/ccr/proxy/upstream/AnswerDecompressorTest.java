package dev.ccr.proxy.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers with a content coding, and those without one, on the same connection. */
final class AnswerDecompressorTest {

  private int reads;
  private final EmbeddedChannel upstream =
      new EmbeddedChannel(
          new ChannelOutboundHandlerAdapter() {
            @Override
            public void read(ChannelHandlerContext ctx) {
              reads++;
              ctx.read();
            }
          },
          new AnswerDecompressor());

  @AfterEach
  void close() {
    upstream.finishAndReleaseAll();
  }

  @ParameterizedTest
  @CsvSource({
    "-",
    "content-encoding: gzip",
    "content-encoding: gzip|-",
    "-|content-encoding: gzip|content-encoding: gzip|-",
    "content-encoding: identity|content-encoding: gzip",
    "transfer-encoding: gzip|transfer-encoding: chunked",
  })
  void everyAnswerIsReadAsItWasMeant(String answers) throws IOException {
    for (String header : answers.split("\\|", -1)) {
      head(header);
      byte[] body = header.endsWith("gzip") ? gzip("whole") : "whole".getBytes(US_ASCII);
      upstream.writeInbound(new DefaultLastHttpContent(Unpooled.wrappedBuffer(body)));
      assertEquals("whole", text(), header);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-, 0",
    // What is there of a coding gives nothing yet: without more it never would.
    "content-encoding: gzip, 1",
  })
  void whoDoesNotWantToReadIsNotMadeTo(String header, int expected) throws IOException {
    upstream.config().setAutoRead(false);
    head(header);
    reads = 0;
    upstream.writeInbound(new DefaultHttpContent(Unpooled.wrappedBuffer(gzip("whole"), 0, 4)));
    assertEquals(expected, reads);
  }

  private void head(String header) {
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    if (!header.equals("-")) {
      String[] field = header.split(": ", 2);
      head.headers().set(field[0], field[1]);
    }
    upstream.writeInbound(head);
    upstream.readInbound();
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (HttpContent content; (content = upstream.readInbound()) != null; ) {
      ByteBuf bytes = content.content();
      text.append(bytes.toString(US_ASCII));
      content.release();
    }
    return text.toString();
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(US_ASCII));
    }
    return bytes.toByteArray();
  }
}
