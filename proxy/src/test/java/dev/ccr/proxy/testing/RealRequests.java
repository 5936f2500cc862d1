package dev.ccr.proxy.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Requests as Claude Code sends them, in {@code requests/}: names, structure and sizes are real,
 * texts are filler. Tests check them, benches run them. Safe for any thread.
 */
public final class RealRequests {

  private RealRequests() {}

  /** The body of a request. */
  public static byte[] bytes(String name) {
    String path = "/requests/" + name + ".json";
    try (@Nullable InputStream in = RealRequests.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalArgumentException("no request " + path);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
