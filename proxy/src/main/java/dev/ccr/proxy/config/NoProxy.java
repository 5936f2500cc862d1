package dev.ccr.proxy.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of {@code NO_PROXY}: names, each for itself and all below it, with or without a dot or
 * {@code *.} in front; addresses; blocks of addresses ({@code 10.0.0.0/8}); each but a block with a
 * port behind it or without; {@code *} for all. This machine is always one of them. Looks no name
 * up. Immutable.
 */
public final class NoProxy {

  /** Only this machine. */
  static final NoProxy NOBODY = new NoProxy(List.of());

  /**
   * An entry.
   *
   * @param name in lower case without a dot in front; {@code *} for all; {@code null} if an address
   * @param bits how many of the address count
   * @param port 0 for all
   */
  private record Entry(@Nullable String name, @Nullable InetAddress address, int bits, int port) {

    boolean matches(String host, @Nullable InetAddress literal, int ofPort) {
      if (port != 0 && port != ofPort) {
        return false;
      }
      if (address != null) {
        return literal != null && sameBits(address.getAddress(), literal.getAddress(), bits);
      }
      return "*".equals(name) || host.equals(name) || host.endsWith("." + name);
    }
  }

  private final List<Entry> entries;

  private NoProxy(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** Reads a list with commas or blanks between; what is no entry of any kind matches nothing. */
  static NoProxy of(String list) {
    List<Entry> entries = new ArrayList<>();
    for (String text : list.toLowerCase(Locale.ROOT).split("[,\\s]+", -1)) {
      Entry entry = text.isEmpty() ? null : entry(text);
      if (entry != null) {
        entries.add(entry);
      }
    }
    return new NoProxy(entries);
  }

  /**
   * Whether no proxy is used for a host.
   *
   * @param host as URLs have it, IPv6 in brackets or not
   */
  public boolean matches(String host, int port) {
    String name = unbracketed(host.toLowerCase(Locale.ROOT));
    if (name.endsWith(".")) {
      name = name.substring(0, name.length() - 1);
    }
    InetAddress literal = literal(name);
    if (name.equals("localhost")
        || name.endsWith(".localhost")
        || (literal != null && (literal.isLoopbackAddress() || literal.isAnyLocalAddress()))) {
      return true;
    }
    for (Entry entry : entries) {
      if (entry.matches(name, literal, port)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Entry entry(String text) {
    InetAddress whole = literal(unbracketed(text));
    if (whole != null) {
      return new Entry(null, whole, whole.getAddress().length * Byte.SIZE, 0);
    }
    int slash = text.indexOf('/');
    if (slash > 0) {
      InetAddress address = literal(text.substring(0, slash));
      int bits = number(text.substring(slash + 1));
      return address == null || bits < 0 || bits > address.getAddress().length * Byte.SIZE
          ? null
          : new Entry(null, address, bits, 0);
    }
    int colon = text.lastIndexOf(':');
    int port = colon < 0 ? 0 : number(text.substring(colon + 1));
    if (port < 0) {
      return null;
    }
    String host = unbracketed(colon < 0 ? text : text.substring(0, colon));
    InetAddress address = literal(host);
    if (address != null) {
      return new Entry(null, address, address.getAddress().length * Byte.SIZE, port);
    }
    String name = host.startsWith("*.") ? host.substring(2) : host.replaceFirst("^\\.", "");
    return name.isEmpty() ? null : new Entry(name, null, 0, port);
  }

  private static String unbracketed(String host) {
    return host.startsWith("[") && host.endsWith("]")
        ? host.substring(1, host.length() - 1)
        : host;
  }

  private static @Nullable InetAddress literal(String host) {
    try {
      return InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException name) {
      return null;
    }
  }

  /** Up to five digits, or -1. */
  private static int number(String digits) {
    return digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : -1;
  }

  private static boolean sameBits(byte[] one, byte[] other, int bits) {
    if (one.length != other.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i % Byte.SIZE);
      if (((one[i / Byte.SIZE] ^ other[i / Byte.SIZE]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NoProxy that && entries.equals(that.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }
}
