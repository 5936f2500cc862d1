package dev.ccr.cli.doctor;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ForwardProxy;
import dev.ccr.proxy.config.ProviderConfig;
import dev.ccr.proxy.config.TlsFiles;
import dev.ccr.proxy.config.Way;
import dev.ccr.proxy.model.Provider;
import dev.ccr.proxy.upstream.Origin;
import dev.ccr.proxy.upstream.UpstreamSockets;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whether providers can be reached: their names, their ports and their certificates, all at the
 * same time. Nothing is sent to them beyond that, no request and no key. For one use.
 */
final class ProviderCheck {

  private static final String CHECK = "provider";

  private final Duration patience;
  private final SSLSocketFactory tls;

  /**
   * A check.
   *
   * @param patience for each provider as a whole
   * @param tls for providers of which no files are named
   */
  ProviderCheck(Duration patience, SSLSocketFactory tls) {
    this.patience = patience;
    this.tls = tls;
  }

  List<Finding> run(Config config) throws InterruptedException {
    List<FutureTask<Finding>> tasks = new ArrayList<>();
    List<Finding> late = new ArrayList<>();
    for (ProviderConfig each : config.providers()) {
      Provider provider = each.provider();
      boolean used = isUsed(provider.name(), config);
      Way way = config.way(each);
      ForwardProxy proxy = way.proxy();
      FutureTask<Finding> task = new FutureTask<>(() -> reach(provider, way, used));
      tasks.add(task);
      late.add(unreached(provider, proxy, used, new SocketTimeoutException()));
      Thread.ofVirtual().start(task); // a lookup of a name cannot be interrupted: nobody waits
    }
    long deadline = System.nanoTime() + patience.toNanos();
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < tasks.size(); i++) {
      try {
        findings.add(
            tasks.get(i).get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
      } catch (TimeoutException e) {
        findings.add(late.get(i));
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
    return findings;
  }

  /** Without a route only those who name it need it. */
  private static boolean isUsed(String name, Config config) {
    return config.routes().targets().values().stream()
            .anyMatch(target -> target.provider().equalsIgnoreCase(name))
        || config.routes().rules().stream()
            .anyMatch(rule -> rule.target().provider().equalsIgnoreCase(name));
  }

  private Finding reach(Provider provider, Way way, boolean used) {
    Origin origin = Origin.of(provider.url()).by(way);
    ForwardProxy proxy = way.proxy();
    try {
      connect(origin, proxy);
      return Finding.ok(
          CHECK, provider.name() + ": " + origin + through(proxy) + " can be reached");
    } catch (IOException e) {
      return unreached(provider, proxy, used, e);
    }
  }

  private static String through(@Nullable ForwardProxy proxy) {
    return proxy == null ? "" : " through " + proxy + " (" + proxy.key() + ")";
  }

  private void connect(Origin origin, @Nullable ForwardProxy proxy) throws IOException {
    String host = proxy == null ? origin.host() : proxy.host();
    int port = proxy == null ? origin.port() : proxy.port();
    IOException failure = new UnknownHostException(host);
    for (InetAddress address : InetAddress.getAllByName(host)) {
      try (Socket socket = new Socket()) {
        int millis = (int) patience.toMillis();
        socket.connect(new InetSocketAddress(address, port), millis);
        socket.setSoTimeout(millis);
        Socket open = socket;
        if (proxy != null) {
          TlsFiles ofProxy = origin.way().tls().withoutCertificate();
          open = proxy.tls() ? encrypted(socket, host, port, ofProxy) : socket;
          ProxyTunnel.open(open, origin, proxy);
        }
        if (origin.tls()) {
          encrypted(open, origin.host(), origin.port(), origin.way().tls()).close();
        }
        return;
      } catch (SSLException e) {
        throw e; // another address would say the same
      } catch (IOException e) {
        failure = e;
      }
    }
    throw failure;
  }

  /** What it is made from is closed with it. */
  private Socket encrypted(Socket plain, String host, int port, TlsFiles files)
      throws IOException {
    SSLSocket socket = (SSLSocket) sockets(files).createSocket(plain, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private SSLSocketFactory sockets(TlsFiles files) throws IOException {
    try {
      return files.equals(TlsFiles.NONE) ? tls : UpstreamSockets.trusting(files);
    } catch (GeneralSecurityException e) { // files were read with the configuration
      throw new IOException("TLS cannot be set up", e);
    }
  }

  private Finding unreached(
      Provider provider, @Nullable ForwardProxy proxy, boolean used, IOException e) {
    String place = provider.name() + ": " + Origin.of(provider.url()) + through(proxy) + ": ";
    return new Finding(
        used ? Finding.Level.PROBLEM : Finding.Level.WARNING, CHECK, place + what(e), remedy(e));
  }

  private String what(IOException e) {
    return switch (e) {
      case UnknownHostException _ -> "no such host";
      case SocketTimeoutException _ -> "no answer within " + patience.toMillis() + " ms";
      case ConnectException _ -> "connection refused or unreachable";
      case SSLException tlsFailure -> "TLS: " + whyNot(tlsFailure);
      default -> String.valueOf(e.getMessage());
    };
  }

  private static String remedy(IOException e) {
    return switch (e) {
      case UnknownHostException _ -> "Check its api_base_url, and how this machine looks names up.";
      case ConnectException _ -> "Start that server, or correct its api_base_url.";
      case ProtocolException _ -> "Check the proxy, and how it is given.";
      case SSLException tlsFailure when isDated(tlsFailure) -> "Check this machine's clock.";
      case SSLException _ -> "Check its api_base_url, and whom this Java trusts, or name its authority in tls.ca.";
      default -> "Check the network and its firewall.";
    };
  }

  private static String whyNot(SSLException e) {
    if (isDated(e)) {
      return "its certificate is not valid today";
    }
    return has(CertPathBuilderException.class, e)
        ? "its certificate is of an unknown authority"
        : String.valueOf(e.getMessage());
  }

  private static boolean isDated(Throwable e) {
    return has(CertificateExpiredException.class, e)
        || has(CertificateNotYetValidException.class, e);
  }

  private static boolean has(Class<? extends Exception> cause, @Nullable Throwable e) {
    return e != null && (cause.isInstance(e) || has(cause, e.getCause()));
  }
}
