package dev.ccr.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RouterUrlTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,       http://127.0.0.1:6970",
    "127.0.0.2,       http://127.0.0.2:6970",
    "localhost,       http://localhost:6970",
    "0.0.0.0,         http://127.0.0.1:6970",
    "::,              http://[::1]:6970",
    "0:0:0:0:0:0:0:0, http://[::1]:6970",
    "::1,             http://[::1]:6970",
    "192.0.2.7,       http://192.0.2.7:6970",
    "2001:db8::7,     http://[2001:db8::7]:6970",
    "router.example,  http://router.example:6970",
    "not_a_host,      http://not_a_host:6970",
  })
  void aRouterOnAllAddressesIsReachedOnThisMachine(String host, String url) {
    assertEquals(url, RouterUrl.of(host, 6970).toString());
  }

  @Test
  void anAddressIsReachedTheSameWay() throws Exception {
    InetAddress any = InetAddress.getByAddress(new byte[16]);
    assertEquals("http://[::1]:1", RouterUrl.of(new InetSocketAddress(any, 1)).toString());
    InetAddress v4 = InetAddress.getByAddress(new byte[4]);
    assertEquals("http://127.0.0.1:1", RouterUrl.of(new InetSocketAddress(v4, 1)).toString());
    InetAddress own = InetAddress.ofLiteral("::1");
    assertEquals("http://[::1]:1", RouterUrl.of(new InetSocketAddress(own, 1)).toString());
    InetAddress other = InetAddress.ofLiteral("192.0.2.7");
    assertEquals("http://192.0.2.7:1", RouterUrl.of(new InetSocketAddress(other, 1)).toString());
  }
}
