package dev.ccr.proxy.upstream;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * In which order a host's addresses are tried: IPv6 and IPv4 by turns, beginning with the family
 * that the resolver puts first (RFC 8305, section 4), and inside a family each time from another
 * one, so that connections spread over all. For one thread.
 */
final class AddressOrder {

  /** More are not worth a client's wait. */
  static final int MAX_TRIED = 8;

  private int turn;

  /** At most {@link #MAX_TRIED} of the addresses. */
  List<InetSocketAddress> of(List<InetSocketAddress> addresses) {
    List<InetSocketAddress> first = new ArrayList<>();
    List<InetSocketAddress> second = new ArrayList<>();
    boolean firstIsV6 = isV6(addresses.getFirst());
    for (InetSocketAddress address : addresses) {
      (isV6(address) == firstIsV6 ? first : second).add(address);
    }
    Collections.rotate(first, -turn);
    Collections.rotate(second, -turn);
    turn = (turn + 1) & Integer.MAX_VALUE;
    List<InetSocketAddress> order = new ArrayList<>();
    for (int i = 0; order.size() < Math.min(MAX_TRIED, addresses.size()); i++) {
      if (i < first.size()) {
        order.add(first.get(i));
      }
      if (i < second.size()) {
        order.add(second.get(i));
      }
    }
    return order.subList(0, Math.min(MAX_TRIED, order.size()));
  }

  private static boolean isV6(InetSocketAddress address) {
    return address.getAddress() instanceof Inet6Address;
  }
}
