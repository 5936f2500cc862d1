package dev.ccr.proxy.server;

import dev.ccr.proxy.config.FileWatch;
import dev.ccr.proxy.config.TlsListening;
import dev.ccr.proxy.upstream.UpstreamTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The router's own certificate, for clients that speak TLS 1.3 or 1.2: by BoringSSL where it can be
 * loaded, else by the JDK. Read again when its files change or it is asked to; files that cannot be
 * used leave the last good ones in force. What is connected keeps what it began with. Any thread
 * may use it.
 */
public final class ServerTls implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

  /** How long a client may take to shake hands. */
  private static final long HANDSHAKE_MILLIS = 10_000;

  private final LiveConfig live;
  private TlsListening files;
  private SslContext context;
  private @Nullable FileWatch watch;

  private ServerTls(TlsListening files, SslContext context, LiveConfig live) {
    this.files = files;
    this.context = context;
    this.live = live;
  }

  /**
   * Reads the files for the first time, which takes up to half a second.
   *
   * @param live is told what is wrong with files that come later
   * @throws IOException if they cannot be used; it says which and why
   */
  public static ServerTls read(TlsListening files, LiveConfig live) throws IOException {
    ServerTls tls = new ServerTls(files, context(files), live);
    tls.watch(files);
    return tls;
  }

  /** Reads the files again, or others; tells in the log and in {@code /health} if it cannot. */
  public synchronized void reload(TlsListening next) {
    if (watch != null && !paths(next).equals(paths(files))) {
      watch.close();
      files = next;
      watch(next);
    } else if (watch != null) {
      watch.mark();
    } else {
      return; // closed
    }
    try {
      SslContext read = context(next);
      ReferenceCountUtil.release(context); // engines under way hold on to it
      context = read;
      live.tlsProblems(List.of());
      LOG.info("TLS: certificate loaded from {}", next.certificate());
    } catch (IOException e) {
      String problem = String.valueOf(e.getMessage());
      live.tlsProblems(List.of(problem));
      LOG.error("TLS: the last good certificate stays in force: {}", problem);
    }
  }

  /** What decrypts one client's connection. */
  synchronized SslHandler newHandler(ByteBufAllocator alloc) {
    SslHandler handler = context.newHandler(alloc);
    handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
    return handler;
  }

  /** Gives up the native memory. No connection may come any more. */
  @Override
  public synchronized void close() {
    if (watch != null) {
      watch.close();
      watch = null;
      ReferenceCountUtil.release(context);
    }
  }

  private synchronized void changed(TlsListening watched) {
    if (watched.equals(files)) { // else others have come in their place meanwhile
      reload(watched);
    }
  }

  private synchronized void watch(TlsListening watched) {
    watch = new FileWatch(paths(watched), FileWatch.USUAL, () -> changed(watched));
    watch.start();
  }

  private static List<Path> paths(TlsListening files) {
    return Stream.of(files.certificate(), files.key(), files.clientAuthority())
        .filter(Objects::nonNull)
        .toList();
  }

  private static SslContext context(TlsListening files) throws IOException {
    KeyPairFiles own = KeyPairFiles.read(files.certificate(), files.key());
    List<X509Certificate> authorities =
        files.clientAuthority() == null
            ? List.of()
            : KeyPairFiles.certificates("TLS.client_ca", files.clientAuthority());
    try {
      SslContextBuilder builder =
          SslContextBuilder.forServer(own.key(), own.chain())
              .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
              .protocols("TLSv1.3", "TLSv1.2")
              .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
              .applicationProtocolConfig(UpstreamTls.HTTP_2_OR_1);
      if (!authorities.isEmpty()) {
        builder.trustManager(authorities).clientAuth(ClientAuth.REQUIRE);
      }
      return builder.build();
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException("TLS: " + files.certificate() + ": cannot be used", e);
    }
  }
}
