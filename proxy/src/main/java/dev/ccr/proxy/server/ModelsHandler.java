package dev.ccr.proxy.server;

import dev.ccr.proxy.model.ApiErrorType;
import dev.ccr.proxy.model.RequestException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Answers {@code GET /v1/models} and {@code GET /v1/models/ID}: the models that the configuration
 * lists and the client may use.
 *
 * @see <a href="https://docs.claude.com/en/api/models-list">List models</a>
 */
final class ModelsHandler extends ChannelInboundHandlerAdapter {

  static final String PATH = "/v1/models";

  private final Supplier<Snapshot> snapshots;
  private final RequestLog log;
  private boolean answered;

  ModelsHandler(Supplier<Snapshot> snapshots, RequestLog log) {
    this.snapshots = snapshots;
    this.log = log;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws RequestException {
    if (msg instanceof HttpRequest request) {
      answered = isAsked(request);
      if (answered) {
        answer(ctx, request);
      }
    }
    if (answered && msg instanceof HttpContent) {
      answered = !(msg instanceof LastHttpContent);
      ReferenceCountUtil.release(msg);
    } else if (!answered) {
      ctx.fireChannelRead(msg);
    }
  }

  private static boolean isAsked(HttpRequest request) {
    String path = RequestPath.path(request.uri());
    return request.decoderResult().isSuccess()
        && request.method().equals(HttpMethod.GET)
        && (path.equals(PATH) || path.startsWith(PATH + "/"));
  }

  private void answer(ChannelHandlerContext ctx, HttpRequest request) throws RequestException {
    ModelList models = snapshots.get().models().of(log.client());
    String path = RequestPath.path(request.uri());
    ByteBuf body = ctx.alloc().buffer();
    try {
      if (path.equals(PATH)) {
        Map<String, List<String>> query =
            new QueryStringDecoder("?" + RequestPath.query(request.uri())).parameters();
        models.writePage(ModelList.Page.of(query), body);
      } else {
        String id = new QueryStringDecoder(path).path().substring(PATH.length() + 1);
        if (!models.writeModel(id, body)) {
          throw new RequestException(
              ApiErrorType.NOT_FOUND,
              "model: " + HeaderText.of(id) + " (expected: an id that " + PATH + " lists)");
        }
      }
    } catch (IllegalArgumentException e) { // an escape that is none
      body.release();
      throw RequestException.invalid("request target: " + HeaderText.of(request.uri()));
    } catch (RequestException | RuntimeException e) {
      body.release();
      throw e;
    }
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    Headers.describe(log, response.headers());
    ctx.writeAndFlush(response);
  }
}
