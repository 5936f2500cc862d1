package dev.ccr.proxy.upstream;

import dev.ccr.proxy.config.TlsFiles;
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
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards upstreams: BoringSSL where it can be loaded, else the JDK's. Certificates and host
 * names are verified, always. There is a context for all that is configured alike; it keeps the
 * sessions of its upstreams, which the next connection resumes. Any thread may use it.
 *
 * <p>Loading takes up to half a second, so it happens on threads of its own: neither the start nor
 * an event loop waits for it, only the connections that need it.
 */
public final class UpstreamTls implements AutoCloseable {

  /**
   * HTTP/2, else HTTP/1.1 (RFC 7301), for both sides of a connection. The two modes are those that
   * both kinds of TLS have.
   */
  public static final ApplicationProtocolConfig HTTP_2_OR_1 =
      new ApplicationProtocolConfig(
          ApplicationProtocolConfig.Protocol.ALPN,
          ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
          ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
          ApplicationProtocolNames.HTTP_2,
          ApplicationProtocolNames.HTTP_1_1);

  /**
   * What connections are configured alike by.
   *
   * @param http2 whether HTTP/2 is offered: a proxy is asked for a tunnel in HTTP/1.1
   */
  private record Kind(TlsFiles files, boolean http2) {}

  private final @Nullable SslContextBuilder ofTheRest;
  private final @Nullable SslProvider provider;
  private final Map<Kind, Entry> entries = new HashMap<>(); // guarded by this
  private boolean closed; // guarded by this

  /** Trusts what the JVM trusts. */
  public UpstreamTls() {
    this(null, null);
  }

  /** @param ofTheRest for upstreams of which no files are named; who they trust is decided there */
  public UpstreamTls(SslContextBuilder ofTheRest) {
    this(ofTheRest, null);
  }

  /** @param provider the best one if {@code null} */
  UpstreamTls(@Nullable SslContextBuilder ofTheRest, @Nullable SslProvider provider) {
    this.ofTheRest = ofTheRest;
    this.provider = provider;
  }

  /** Begins to load what upstreams need, if nobody has yet. */
  public void load(TlsFiles files) {
    entry(new Kind(files, true));
  }

  /**
   * Gives up the contexts of all other upstreams. Connections that have one, or are being made with
   * it, keep it to their ends.
   */
  public synchronized void keepOnly(Collection<TlsFiles> used) {
    entries
        .entrySet()
        .removeIf(
            each -> {
              boolean over = !used.contains(each.getKey().files());
              if (over) {
                each.getValue().drop();
              }
              return over;
            });
  }

  /**
   * The context for connections, once it is loaded; given: whoever gets it releases it.
   *
   * @param http2 whether HTTP/2 is offered beside HTTP/1.1
   * @param executor completes the future
   */
  synchronized Future<SslContext> context(
      TlsFiles files, boolean http2, EventExecutor executor) {
    Promise<SslContext> promise = executor.newPromise();
    entry(new Kind(files, http2)).give(promise);
    return promise;
  }

  /** Gives up the native memory of contexts and of the sessions they keep for resumption. */
  @Override
  public synchronized void close() {
    closed = true;
    entries.values().forEach(Entry::drop);
    entries.clear();
  }

  /** How many contexts there are, or are being loaded. */
  synchronized int contexts() {
    return entries.size();
  }

  private synchronized Entry entry(Kind kind) {
    Entry entry = entries.get(kind);
    if (entry == null || entry.hasFailed()) { // a file may be there again
      entry = new Entry();
      if (closed) {
        entry.drop();
      } else {
        entries.put(kind, entry);
      }
      Entry made = entry;
      Thread loader = new Thread(() -> load(kind, made), "ccr-tls");
      loader.setDaemon(true);
      loader.start();
    }
    return entry;
  }

  private void load(Kind kind, Entry entry) {
    try {
      entry.loaded(build(kind));
    } catch (GeneralSecurityException | IOException | RuntimeException | LinkageError e) {
      entry.failed(e);
    }
  }

  private SslContext build(Kind kind) throws GeneralSecurityException, IOException {
    SslContextBuilder builder =
        ofTheRest != null && kind.files().equals(TlsFiles.NONE)
            ? ofTheRest
            : builder(kind.files());
    SslProvider best = OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    return builder
        .sslProvider(provider == null ? best : provider)
        .endpointIdentificationAlgorithm("HTTPS")
        .applicationProtocolConfig(kind.http2() ? HTTP_2_OR_1 : ApplicationProtocolConfig.DISABLED)
        .build();
  }

  private static SslContextBuilder builder(TlsFiles files)
      throws GeneralSecurityException, IOException {
    SslContextBuilder builder =
        SslContextBuilder.forClient().trustManager(UpstreamTrust.with(files.trusted()));
    PrivateKey key = files.privateKey();
    return key == null
        ? builder
        : builder.keyManager(key, files.chain().toArray(X509Certificate[]::new));
  }

  /** A context from the wish for it to its end. */
  private static final class Entry {

    private final List<Promise<SslContext>> waiting = new ArrayList<>();
    private @Nullable SslContext context;
    private @Nullable Throwable failure;
    private boolean dropped;

    synchronized void give(Promise<SslContext> promise) {
      if (context != null) {
        give(context, promise);
      } else if (failure != null) {
        promise.tryFailure(failure);
      } else {
        waiting.add(promise);
      }
    }

    synchronized void loaded(SslContext loaded) {
      context = loaded;
      waiting.forEach(promise -> give(loaded, promise));
      waiting.clear();
      if (dropped) {
        ReferenceCountUtil.release(loaded);
      }
    }

    synchronized void failed(Throwable cause) {
      failure = cause;
      waiting.forEach(promise -> promise.tryFailure(cause));
      waiting.clear();
    }

    synchronized boolean hasFailed() {
      return failure != null;
    }

    /** Nobody is given it any more, but those who wait already. */
    synchronized void drop() {
      dropped = true;
      if (context != null) {
        ReferenceCountUtil.release(context);
      }
    }

    private static void give(SslContext context, Promise<SslContext> promise) {
      ReferenceCountUtil.retain(context);
      if (!promise.trySuccess(context)) {
        ReferenceCountUtil.release(context);
      }
    }
  }
}
