package dev.ccr.proxy.upstream;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;

/**
 * TLS towards upstreams: BoringSSL where it can be loaded, else the JDK's. Certificates and host
 * names are verified, always.
 *
 * <p>Loading takes up to half a second, so it happens on a thread of its own: neither the start nor
 * an event loop waits for it, only the connections that need it.
 */
public final class UpstreamTls implements AutoCloseable {

  /** The two modes are those that both kinds of TLS have. */
  private static final ApplicationProtocolConfig HTTP_2_OR_1 =
      new ApplicationProtocolConfig(
          ApplicationProtocolConfig.Protocol.ALPN,
          ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
          ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
          ApplicationProtocolNames.HTTP_2,
          ApplicationProtocolNames.HTTP_1_1);

  private final SslContextBuilder builder;
  private final AtomicBoolean loading = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CompletableFuture<SslContext> context = new CompletableFuture<>();

  /** Trusts what the JVM trusts. */
  public UpstreamTls() {
    this(SslContextBuilder.forClient());
  }

  /** @param builder for a client; who it trusts is decided there */
  public UpstreamTls(SslContextBuilder builder) {
    this.builder = builder;
  }

  /** Begins to load, if nobody has yet. */
  public void load() {
    if (!loading.getAndSet(true)) {
      Thread loader = new Thread(this::build, "ccr-tls");
      loader.setDaemon(true);
      loader.start();
    }
  }

  /**
   * The context for connections, once it is loaded.
   *
   * @param executor completes the future
   */
  Future<SslContext> context(EventExecutor executor) {
    load();
    Promise<SslContext> promise = executor.newPromise();
    context.whenComplete(
        (loaded, failure) -> {
          if (failure == null) {
            promise.setSuccess(loaded);
          } else {
            promise.setFailure(failure);
          }
        });
    return promise;
  }

  /** Gives up the native memory of the context and of the sessions it keeps for resumption. */
  @Override
  public void close() {
    if (loading.get() && !closed.getAndSet(true)) {
      context.whenComplete((loaded, failure) -> ReferenceCountUtil.release(loaded));
    }
  }

  private void build() {
    try {
      context.complete(
          builder
              .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
              .endpointIdentificationAlgorithm("HTTPS")
              .applicationProtocolConfig(HTTP_2_OR_1)
              .build());
    } catch (SSLException | RuntimeException | LinkageError e) {
      context.completeExceptionally(e);
    }
  }
}
