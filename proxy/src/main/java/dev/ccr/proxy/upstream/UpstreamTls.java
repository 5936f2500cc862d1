package dev.ccr.proxy.upstream;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards upstreams: BoringSSL where it can be loaded, else the JDK's. Certificates and host
 * names are verified, always. Loading takes time, so it waits for the first https upstream.
 */
public final class UpstreamTls implements Supplier<SslContext> {

  private final SslContextBuilder builder;
  private volatile @Nullable SslContext context;

  /** Trusts what the JVM trusts. */
  public UpstreamTls() {
    this(SslContextBuilder.forClient());
  }

  /** @param builder for a client; who it trusts is decided there */
  public UpstreamTls(SslContextBuilder builder) {
    this.builder = builder;
  }

  @Override
  public SslContext get() {
    SslContext loaded = context;
    return loaded == null ? load() : loaded;
  }

  private synchronized SslContext load() {
    SslContext loaded = context;
    if (loaded == null) {
      try {
        loaded =
            builder
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                .endpointIdentificationAlgorithm("HTTPS")
                .build();
      } catch (SSLException e) {
        throw new IllegalStateException("TLS cannot be set up: " + e.getMessage(), e);
      }
      context = loaded;
    }
    return loaded;
  }
}
