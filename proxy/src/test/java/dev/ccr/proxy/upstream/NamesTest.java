package dev.ccr.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ccr.proxy.config.Defaults;
import dev.ccr.proxy.config.Limits;
import dev.ccr.proxy.mock.MockUpstream;
import dev.ccr.proxy.mock.Reply;
import dev.ccr.proxy.model.UpstreamException;
import io.netty.channel.Channel;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Over real sockets, with a name server of the test's own. */
final class NamesTest {

  private static final String HOST = "upstream.example";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int PORT_OF_NOBODY = 1;

  private static DnsNameResolverBuilder asking(NameServer names, Transport transport) {
    return NameResolvers.dns(transport).nameServerProvider(names.alone());
  }

  private static Loopback pool(DnsNameResolverBuilder resolver, Transport transport) {
    return pool(resolver, transport, Defaults.LIMITS);
  }

  private static Loopback pool(
      DnsNameResolverBuilder resolver, Transport transport, Limits limits) {
    return new Loopback(
        transport, new UpstreamTls(), limits, new DnsAddressResolverGroup(resolver));
  }

  private static MockUpstream server() {
    return MockUpstream.start(request -> Reply.json(200, "{}"));
  }

  private static String address(Channel channel) {
    return ((InetSocketAddress) channel.remoteAddress()).getAddress().getHostAddress();
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void connectionsSpreadOverAllAddressesOfAHost(Transport transport) throws Exception {
    try (NameServer names = new NameServer().knows(HOST, "127.0.0.1", "127.0.0.2", "127.0.0.3");
        ServerSocket server = new ServerSocket(0);
        Loopback pool = pool(asking(names, transport), transport)) {
      Origin origin = new Origin(false, HOST, server.getLocalPort());
      Set<String> used = new TreeSet<>();
      for (int i = 0; i < 3; i++) {
        used.add(address(pool.acquire(origin)));
      }
      assertEquals(Set.of("127.0.0.1", "127.0.0.2", "127.0.0.3"), used);
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void anAddressThatRefusesDoesNotFailTheRequest(Transport transport) throws Exception {
    try (NameServer names = new NameServer().knows(HOST, "127.0.0.2", "127.0.0.1");
        MockUpstream server = server();
        Loopback pool = pool(asking(names, transport), transport)) {
      Origin origin = new Origin(false, HOST, server.port());
      for (int i = 0; i < 4; i++) { // whichever is tried first
        assertEquals("{}", pool.ask(origin, pool.acquire(origin)));
      }
      assertEquals(4, server.acceptedConnections());
    }
  }

  @Test
  void anAddressThatSaysNothingDoesNotFailTheRequest() throws Exception {
    try (NameServer names = new NameServer().knows(HOST, "127.0.0.2", "127.0.0.1");
        MockUpstream server = server();
        ServerSocket deaf = new ServerSocket(server.port(), 1, InetAddress.ofLiteral("127.0.0.2"));
        Loopback pool = pool(asking(names, Transport.best()), Transport.best())) {
      List<Socket> fillers = fill(deaf);
      Origin origin = new Origin(false, HOST, server.port());
      for (int i = 0; i < 2; i++) {
        Channel channel = pool.acquire(origin);
        assertEquals("127.0.0.1", address(channel));
        assertEquals("{}", pool.ask(origin, channel));
      }
      for (Socket filler : fillers) {
        filler.close();
      }
    }
  }

  /** Connects until nobody is let in any more: Linux then drops what comes. */
  private static List<Socket> fill(ServerSocket server) throws Exception {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      Socket socket = new Socket();
      sockets.add(socket);
      try {
        socket.connect(server.getLocalSocketAddress(), 200);
      } catch (SocketTimeoutException e) {
        return sockets;
      }
    }
    throw new AssertionError("the queue has no end");
  }

  @Test
  void aChangedAnswerCountsWhenTheOldOneHasExpired() throws Exception {
    EventLoops loops = new EventLoops(Transport.best());
    try (NameServer names = new NameServer().knows(HOST, "127.0.0.1");
        DnsAddressResolverGroup group =
            new DnsAddressResolverGroup(asking(names, Transport.best()).ttl(0, 60))) {
      AddressResolver<InetSocketAddress> resolver = group.getResolver(loops.next());
      assertEquals("127.0.0.1", lookUp(resolver));
      int asked = names.asked().size();
      names.knows(HOST, "127.0.0.2");
      assertEquals("127.0.0.1", lookUp(resolver), "its second is not over");
      assertEquals(asked, names.asked().size());
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      String address = lookUp(resolver);
      while (!address.equals("127.0.0.2") && System.nanoTime() < deadline) {
        address = lookUp(resolver);
      }
      assertEquals("127.0.0.2", address);
    } finally {
      loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  private static String lookUp(AddressResolver<InetSocketAddress> resolver) throws Exception {
    return resolver
        .resolve(InetSocketAddress.createUnresolved(HOST, 443))
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .getAddress()
        .getHostAddress();
  }

  @Test
  void theHostsFileIsAskedFirst() throws Exception {
    try (NameServer names = new NameServer();
        MockUpstream server = server();
        Loopback pool = pool(asking(names, Transport.best()), Transport.best())) {
      Origin origin = new Origin(false, "localhost", server.port());
      assertEquals("{}", pool.ask(origin, pool.acquire(origin)));
      assertEquals(List.of(), names.asked());
    }
  }

  @Test
  void aShortNameIsLookedForInTheSearchDomains() throws Exception {
    try (NameServer names =
            new NameServer()
                .says("llm.lab.example", DnsResponseCode.NXDOMAIN)
                .knows("llm.corp.example", "127.0.0.1");
        MockUpstream server = server();
        Loopback pool =
            pool(
                asking(names, Transport.best())
                    .searchDomains(List.of("lab.example", "corp.example"))
                    .ndots(1),
                Transport.best())) {
      Origin origin = new Origin(false, "llm", server.port());
      assertEquals("{}", pool.ask(origin, pool.acquire(origin)));
      assertFalse(names.asked().contains("llm"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "unknown.example, host name not found (expected: one that is known here)",
    "broken.example, host name not looked up: the name server fails (expected: an answer)",
    "silent.example, 'host name not looked up: no name server answers"
        + " (expected: one in /etc/resolv.conf)'",
  })
  void aNameThatCannotBeLookedUpIsAFailureThatSaysWhy(String host, String what)
      throws Exception {
    try (NameServer names =
            new NameServer()
                .says("unknown.example", DnsResponseCode.NXDOMAIN)
                .says("broken.example", DnsResponseCode.SERVFAIL);
        Loopback pool =
            pool(
                asking(names, Transport.best()),
                Transport.best(),
                Defaults.LIMITS.toBuilder().connect(Duration.ofMillis(700)).build())) {
      assertFailure(pool, host, what);
    }
  }

  @Test
  void aNameServerThatIsNotThereIsAFailureThatSaysSo() throws Exception {
    InetSocketAddress nobody =
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT_OF_NOBODY);
    DnsNameResolverBuilder resolver =
        NameResolvers.dns(Transport.best())
            .nameServerProvider(new SingletonDnsServerAddressStreamProvider(nobody));
    try (Loopback pool = pool(resolver, Transport.best())) {
      assertFailure(
          pool,
          HOST,
          "host name not looked up: no name server answers"
              + " (expected: one in /etc/resolv.conf)");
    }
  }

  private static void assertFailure(Loopback pool, String host, String what) {
    Origin origin = new Origin(true, host, 443);
    UpstreamException failure =
        assertThrows(UpstreamException.class, () -> pool.acquire(origin));
    assertEquals(502, failure.status());
    assertEquals("upstream https://" + host + ": " + what, failure.getMessage());
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void withoutANameServerTheJvmIsAsked(Transport transport) throws Exception {
    try (MockUpstream server = server();
        Loopback pool =
            new Loopback(
                transport, new UpstreamTls(), Defaults.LIMITS, new JvmResolverGroup())) {
      Origin origin = new Origin(false, "localhost", server.port());
      assertEquals("{}", pool.ask(origin, pool.acquire(origin)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "nameserver 127.0.0.53, true",
    "'search corp.example\noptions ndots:2', false",
    "nameserver nonsense, false",
    "'', false",
  })
  void aFileThatNamesNoServerIsRecognised(String content, boolean names, @TempDir Path folder)
      throws Exception {
    Path file = Files.writeString(folder.resolve("resolv.conf"), content);
    assertEquals(names, NameResolvers.hasNameServers(file.toFile()));
    assertFalse(NameResolvers.hasNameServers(folder.resolve("none").toFile()));
  }
}
