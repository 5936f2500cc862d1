package dev.ccr.proxy.faults;

import dev.ccr.proxy.ProxyServer;
import dev.ccr.proxy.config.ConfigReader;
import java.io.OutputStream;
import java.util.Map;

/** A router as a process of its own, which a test can starve. */
final class SmallRouter {

  private SmallRouter() {}

  /**
   * Prints its port, and runs until its input ends.
   *
   * @param args the text of its configuration
   */
  public static void main(String[] args) throws Exception {
    try (ProxyServer server =
        ProxyServer.start(ConfigReader.parse("test.json", args[0], Map.of("CCR_PORT", "0")))) {
      System.out.println(server.address().getPort());
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }
}
