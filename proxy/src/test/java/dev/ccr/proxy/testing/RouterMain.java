package dev.ccr.proxy.testing;

import dev.ccr.proxy.ProxyServer;
import dev.ccr.proxy.config.ConfigReader;
import java.util.Map;

/** A router in a process of its own, until its standard input ends. */
public final class RouterMain {

  private RouterMain() {}

  /**
   * Starts it, says its port, and waits.
   *
   * @param args the configuration in JSON
   */
  public static void main(String[] args) throws Exception {
    try (ProxyServer server =
        ProxyServer.start(ConfigReader.parse("test.json", args[0], Map.of("CCR_PORT", "0")))) {
      System.out.println(server.address().getPort());
      System.in.readAllBytes();
    }
  }
}
