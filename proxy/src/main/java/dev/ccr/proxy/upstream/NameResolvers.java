package dev.ccr.proxy.upstream;

import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.UnixResolverDnsServerAddressStreamProvider;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who looks host names up, never blocking an event loop: Netty's resolver, which reads {@code
 * /etc/hosts} and asks the name servers of {@code /etc/resolv.conf} with its search domains; or the
 * JVM's on threads of its own where that file names no server, as in some containers. (Netty would
 * then ask a public one, which is not ours to tell what hosts a user has.)
 */
public final class NameResolvers {

  private static final Logger LOG = LoggerFactory.getLogger(NameResolvers.class);

  private static final File RESOLV_CONF = new File("/etc/resolv.conf");

  /** Seconds for which an answer counts, whatever shorter time it names. */
  private static final int MIN_TTL = 5;

  /** Seconds for which an answer counts at most: hosts move. */
  private static final int MAX_TTL = 300;

  /** Seconds for which a name counts as unknown. */
  private static final int NEGATIVE_TTL = 5;

  /** After this a query is sent to the next server. */
  private static final long QUERY_MILLIS = 2_000;

  private NameResolvers() {}

  /** Looks names up as this machine is set up to. */
  public static AddressResolverGroup<InetSocketAddress> ofThisMachine(Transport transport) {
    if (!hasNameServers(RESOLV_CONF) && !isWindows()) {
      LOG.info("{} names no server: names are looked up by the JVM", RESOLV_CONF);
      return new JvmResolverGroup();
    }
    return new DnsAddressResolverGroup(dns(transport));
  }

  /** The settings of Netty's resolver. Its caches are shared by all event loops of a group. */
  static DnsNameResolverBuilder dns(Transport transport) {
    return new DnsNameResolverBuilder()
        .datagramChannelType(transport.datagramChannel())
        .socketChannelType(transport.clientChannel()) // where an answer was cut
        .ttl(MIN_TTL, MAX_TTL)
        .negativeTtl(NEGATIVE_TTL)
        .queryTimeoutMillis(QUERY_MILLIS);
  }

  static boolean hasNameServers(File resolvConf) {
    try {
      return new UnixResolverDnsServerAddressStreamProvider(resolvConf)
              .nameServerAddressStream("x")
              .next()
          != null;
    } catch (IOException | RuntimeException e) {
      LOG.debug("{} cannot be used", resolvConf, e);
      return false;
    }
  }

  private static boolean isWindows() {
    return System.getProperty("os.name", "").startsWith("Windows");
  }
}
