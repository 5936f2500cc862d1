package dev.ccr.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressOrderTest {

  private static List<InetSocketAddress> addresses(String list) {
    return Arrays.stream(list.split(" "))
        .map(address -> new InetSocketAddress(address, 1))
        .toList();
  }

  private static String shown(List<InetSocketAddress> addresses) {
    return addresses.stream()
        .map(address -> address.getAddress().getHostAddress().replace("0:0:0:0:0:0:0:", "::"))
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.1, 10.0.0.1",
    "10.0.0.1 10.0.0.2 10.0.0.3, 10.0.0.1 10.0.0.2 10.0.0.3, 10.0.0.2 10.0.0.3 10.0.0.1",
    "10.0.0.1 10.0.0.2 ::1 ::2, 10.0.0.1 ::1 10.0.0.2 ::2, 10.0.0.2 ::2 10.0.0.1 ::1",
    "::1 10.0.0.1 10.0.0.2, ::1 10.0.0.1 10.0.0.2, ::1 10.0.0.2 10.0.0.1",
    "::1 ::2 ::3 10.0.0.1, ::1 10.0.0.1 ::2 ::3, ::2 10.0.0.1 ::3 ::1",
  })
  void familiesTakeTurnsAndAddressesInThemRotate(String given, String first, String second) {
    AddressOrder order = new AddressOrder();
    assertEquals(first, shown(order.of(addresses(given))));
    assertEquals(second, shown(order.of(addresses(given))));
  }

  @Test
  void noMoreThanEightAreTried() {
    String many =
        IntStream.range(0, 20).mapToObj(i -> "10.0.0." + i).collect(Collectors.joining(" "));
    assertEquals(AddressOrder.MAX_TRIED, new AddressOrder().of(addresses(many)).size());
  }
}
