package dev.ccr.proxy.server;

import dev.ccr.proxy.admission.Admission;
import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.model.RequestException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.util.function.Supplier;

/**
 * Lets a request pass if its client and the process have room for it. The head decides, before any
 * of the body is kept. What the request holds is given back when its log ends.
 */
final class AdmissionHandler extends ChannelInboundHandlerAdapter {

  private final Admission admission;
  private final LagProbe probe;
  private final Supplier<Snapshot> snapshots;
  private final RequestLog log;

  /** @param probe that of the connection's event loop */
  AdmissionHandler(
      Admission admission, LagProbe probe, Supplier<Snapshot> snapshots, RequestLog log) {
    this.admission = admission;
    this.probe = probe;
    this.snapshots = snapshots;
    this.log = log;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws RequestException {
    if (msg instanceof HttpRequest request) {
      probe.wake();
      Limits limits = snapshots.get().config().limits();
      long length = HttpUtil.getContentLength(request, 0L);
      boolean kept = length <= limits.requestBodyBytes(); // else it is refused for that
      log.permit(
          admission.admit(
              log.client(),
              limits,
              Endpoint.at(RequestPath.path(request.uri())) == Endpoint.MESSAGES,
              kept ? Math.max(0, length) : 0,
              probe.lag().standing()));
    }
    ctx.fireChannelRead(msg);
  }
}
