package dev.ccr.proxy;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigChange;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigWatcher;
import dev.ccr.proxy.config.Liveness;
import dev.ccr.proxy.config.TlsFiles;
import dev.ccr.proxy.config.TlsListening;
import dev.ccr.proxy.metrics.Metrics;
import dev.ccr.proxy.metrics.Summary;
import dev.ccr.proxy.server.AcceptHandler;
import dev.ccr.proxy.server.AdmissionControl;
import dev.ccr.proxy.server.ClientInitializer;
import dev.ccr.proxy.server.Drain;
import dev.ccr.proxy.server.Listeners;
import dev.ccr.proxy.server.LiveConfig;
import dev.ccr.proxy.server.ServerTls;
import dev.ccr.proxy.server.Snapshot;
import dev.ccr.proxy.server.TlsInitializer;
import dev.ccr.proxy.systemd.InheritedSocket;
import dev.ccr.proxy.tokens.CounterLimits;
import dev.ccr.proxy.tokens.TokenCounter;
import dev.ccr.proxy.upstream.ConnectionBudget;
import dev.ccr.proxy.upstream.EventLoops;
import dev.ccr.proxy.upstream.Transport;
import dev.ccr.proxy.upstream.UpstreamTls;
import dev.ccr.proxy.upstream.Upstreams;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running router: the only door for whoever starts one. Its configuration may be replaced while
 * it runs; what is under way keeps the one it began with.
 */
public final class ProxyServer implements AutoCloseable, ConfigWatcher.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(ProxyServer.class);

  /** Opens the first of the sockets that a router listens on. */
  private interface Listen {
    void on(Listeners listeners) throws IOException;
  }

  /** How long closing waits for the event loops to end, in milliseconds. */
  private static final long CLOSE_MILLIS = 5_000;

  /** Connections that were begun before others are led away have this long to stand. */
  private static final Duration LAST_HANDSHAKES = Duration.ofSeconds(1);

  /** How long closing waits for errors to reach their clients. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  /** How often what has been counted is logged. */
  private static final long SUMMARY_SECONDS = 60;

  private final Config started;
  private final Config reached; // the same, where the router really listens
  private final LiveConfig live;
  private final EventLoops loops;
  private final Upstreams upstreams;
  private final TokenCounter counter;
  private final Summary summary;
  private final Listeners listeners;
  private final Drain drain;
  private final AdmissionControl control;
  private @Nullable ServerTls serverTls; // written before the server is handed out
  private @Nullable InetSocketAddress tlsAddress;
  private volatile boolean shares;

  private ProxyServer(
      Config started,
      Config reached,
      LiveConfig live,
      EventLoops loops,
      Upstreams upstreams,
      TokenCounter counter,
      Summary summary,
      Listeners listeners,
      Drain drain,
      AdmissionControl control) {
    this.started = started;
    this.reached = reached;
    this.summary = summary;
    this.control = control;
    this.live = live;
    this.counter = counter;
    this.loops = loops;
    this.upstreams = upstreams;
    this.listeners = listeners;
    this.drain = drain;
  }

  /**
   * Starts a router.
   *
   * @throws IOException if its address cannot be listened on
   */
  public static ProxyServer start(Config config) throws IOException {
    return start(config, Transport.best(), new UpstreamTls());
  }

  /**
   * Starts a router on a given transport.
   *
   * @param tls how upstreams are trusted, taken: closed with the router
   * @throws IOException if its address cannot be listened on
   */
  public static ProxyServer start(Config config, Transport transport, UpstreamTls tls)
      throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(config.server().host(), config.server().port());
    return start(
        config,
        config,
        transport,
        tls,
        listeners -> listeners.bind(transport, address));
  }

  /**
   * Starts a router at the address of one that has been told to {@link #share} it, and goes on until
   * it is told to drain: in between nobody is refused. Needs epoll.
   *
   * @throws IOException if its address cannot be listened on
   */
  public static ProxyServer startBeside(Config config) throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(config.server().host(), config.server().port());
    return start(
        config,
        config,
        Transport.EPOLL,
        new UpstreamTls(),
        listeners -> listeners.bindBeside(Transport.EPOLL, address));
  }

  /**
   * Starts a router on a socket that listens already, wherever it does.
   *
   * @param descriptor the socket's, taken: closed with the router
   * @throws IOException if it cannot be listened on, or not without an {@code APIKEY}
   */
  public static ProxyServer start(Config config, int descriptor) throws IOException {
    EpollServerSocketChannel socket = InheritedSocket.adopt(descriptor);
    Config reached = config.at(socket.localAddress());
    if (reached.server().isOpen() && !reached.server().isLoopback()) {
      throw new IOException(
          "LISTEN_FDS: a socket on " + reached.server().host()
              + " (expected: one on a loopback address, or an APIKEY, because anybody who reaches"
              + " this port could spend your providers' keys)");
    }
    return start(
        config,
        reached,
        Transport.EPOLL,
        new UpstreamTls(),
        listeners -> listeners.adopt(socket));
  }

  private static ProxyServer start(
      Config config,
      Config reached,
      Transport transport,
      UpstreamTls tls,
      Listen listen)
      throws IOException {
    LiveConfig live = new LiveConfig(Snapshot.of(config), InstantSource.system());
    EventLoops loops = new EventLoops(transport);
    Upstreams upstreams = new Upstreams(loops, transport, tls);
    ConnectionBudget budget = upstreams.budget();
    TokenCounter counter = new TokenCounter(CounterLimits.defaults());
    Metrics metrics = new Metrics();
    metrics.upstreams(
        budget::openConnections, budget::openedConnections, budget::waitingRequests);
    Summary summary = new Summary(metrics);
    AdmissionControl control = new AdmissionControl();
    metrics.observe(
        control.admission()::bytesInFlight,
        control.admission()::requestsInFlight,
        control::lagNanos);
    long startNanos = loops.next().ticker().nanoTime();
    Drain drain = new Drain();
    ClientInitializer clients =
        new ClientInitializer(
            live, upstreams::poolOf, counter, metrics, control, startNanos, drain);
    Listeners listeners =
        new Listeners(loops, () -> new AcceptHandler(control, live, metrics), clients);
    ProxyServer server =
        new ProxyServer(
            config, reached, live, loops, upstreams, counter, summary, listeners, drain, control);
    try {
      listen.on(listeners);
      server.openDoors(transport, clients);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    server.loadTls();
    loops
        .next()
        .scheduleAtFixedRate(summary::log, SUMMARY_SECONDS, SUMMARY_SECONDS, TimeUnit.SECONDS);
    LOG.info(
        "listening on {} ({}), {} providers",
        server.address(),
        transport,
        config.providers().size());
    return server;
  }

  /** Opens what the configuration has beside its port. */
  private void openDoors(Transport transport, ClientInitializer clients) throws IOException {
    Path socket = started.server().unixSocket();
    if (socket != null) {
      listeners.bindUnix(transport, socket);
      LOG.info("listening on {}", socket);
    }
    TlsListening files = started.server().tls();
    if (files != null) {
      ServerTls read = ServerTls.read(files, live);
      serverTls = read;
      tlsAddress =
          listeners.bindTls(
              transport,
              new InetSocketAddress(files.host(), files.port()),
              new TlsInitializer(read, clients));
      LOG.info("listening on {} with TLS", tlsAddress);
    }
  }

  /** Where clients reach the router with TLS; {@code null} if they cannot. */
  public @Nullable InetSocketAddress tlsAddress() {
    return tlsAddress;
  }

  /** Where clients reach the router; the port is a real one even if any was asked for. */
  public InetSocketAddress address() {
    return listeners.address();
  }

  /**
   * Replaces the configuration. Requests that begin from now on are answered by the new one; what
   * it says of {@code HOST} and {@code PORT} waits for a restart.
   *
   * @throws ConfigException if it would let everybody in where the router listens now
   */
  @Override
  public void loaded(Config config) throws ConfigException {
    ConfigChange.check(reached, config);
    List<String> needsRestart = ConfigChange.needsRestart(started, config);
    live.replace(live.get().next(config), needsRestart);
    control
        .admission()
        .keep(config.server().clientKeys().stream().map(each -> each.client().name()).toList());
    TlsListening files = config.server().tls();
    if (serverTls != null && files != null && !needsRestart.contains("TLS")) {
      serverTls.reload(files);
    }
    loadTls();
    LOG.info("configuration loaded, {} providers", config.providers().size());
    config.warnings().forEach(LOG::warn);
    needsRestart.forEach(key -> LOG.warn("{} has changed: it needs a restart", key));
  }

  /** Keeps the configuration in force, and tells in the log and in {@code /health} why. */
  @Override
  public void rejected(ConfigException problems) {
    live.reject(problems.problems());
    LOG.error("configuration rejected, the last good one stays in force:");
    problems.warnings().forEach(LOG::warn);
    problems.problems().forEach(LOG::error);
  }

  /** How many providers the configuration in force has. */
  public int providers() {
    return live.get().config().providers().size();
  }

  /** What is wrong with the file as it is now; nothing if its configuration is in force. */
  public List<String> problems() {
    return live.problems();
  }

  /** Completes when the router no longer listens. */
  public void awaitClose() throws InterruptedException {
    listeners.awaitClose();
  }

  /**
   * Takes leave of the clients: tells those who look after it, for the {@code DRAIN_DELAY_MS} of the
   * configuration in force, unless another router takes over; then stops listening and lets what is
   * under way finish. Returns when nothing is, when the {@code GRACE_PERIOD_MS} is over, or when
   * another thread closes the router; it is then to be closed.
   */
  public void drain() throws InterruptedException {
    Liveness liveness = live.get().config().liveness();
    if (!shares && !liveness.drainDelay().isZero()) { // a port that is passed on is not left
      drain.enter(Drain.Stage.LEAVING);
      drain.await(liveness.drainDelay());
    }
    if (shares) {
      listeners.leadAway();
      drain.await(LAST_HANDSHAKES);
    }
    listeners.close();
    drain.enter(Drain.Stage.DRAINING);
    if (drain.connections() > 0) {
      LOG.info(
          "draining: {} connections, for up to {} ms",
          drain.connections(),
          liveness.gracePeriod().toMillis());
    }
    drain.await(liveness.gracePeriod());
  }

  /**
   * Lets one other router of the same user listen at the same address, which is then to take over:
   * when this one drains it leads new connections there before it stops listening.
   *
   * @return false where the system has no such thing
   */
  public boolean share() {
    shares = listeners.share();
    return shares;
  }

  /** Whether {@link #share} may work: with one socket only, that this router has opened itself. */
  public boolean canShare() {
    return listeners.canShare();
  }

  /**
   * Takes {@link #share} back, since nobody has come who would take over: nobody comes beside this
   * router any more.
   */
  public void keepAlone() {
    shares = false;
    listeners.keepAlone();
  }

  /** Ends a drain that is under way, or the one that comes: what is not finished ends now. */
  public void hurry() {
    drain.enter(Drain.Stage.OVER);
  }

  /** How long {@link #drain} may take by the configuration in force. */
  public Duration longestDrain() {
    Liveness liveness = live.get().config().liveness();
    return liveness.drainDelay().plus(liveness.gracePeriod());
  }

  /**
   * Stops listening and ends what is under way: streams by an {@code error} event, unless they are
   * complete, and what has not begun by a 529.
   */
  @Override
  public void close() {
    listeners.close();
    drain.enter(Drain.Stage.OVER);
    try {
      drain.await(LAST_WORDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever is in a hurry
    }
    counter.close();
    loops
        .shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(CLOSE_MILLIS);
    summary.log(); // its loop has ended, and all requests with it
    upstreams.close();
    if (serverTls != null) {
      serverTls.close();
    }
  }

  private void loadTls() {
    Set<TlsFiles> used =
        live.get().targets().values().stream()
            .flatMap(target -> target.origin().contexts().stream())
            .collect(Collectors.toSet());
    upstreams.keepOnly(used);
  }
}
