package dev.ccr.proxy.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One golden case: {@code fixtures/<dialect>/<case>/} holds the client's request and the upstream's,
 * and the upstream's answer and the client's. Tests check them, benches run them.
 *
 * @param dialect the folder of a dialect
 * @param name the folder of the case
 */
public record Fixture(String dialect, String name) {

  /** The cases of a dialect; empty if it has no folder. */
  public static List<Fixture> of(String dialect) {
    URL folder = Fixture.class.getResource("/fixtures/" + dialect);
    if (folder == null) {
      return List.of();
    }
    try (Stream<Path> cases = Files.list(Path.of(folder.toURI()))) {
      return cases
          .map(path -> new Fixture(dialect, String.valueOf(path.getFileName())))
          .sorted((a, b) -> a.name.compareTo(b.name))
          .toList();
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether the case has a file of that name. */
  public boolean has(String file) {
    return Fixture.class.getResource(path(file)) != null;
  }

  /** A file's bytes. */
  public byte[] bytes(String file) {
    try (@Nullable InputStream in = Fixture.class.getResourceAsStream(path(file))) {
      if (in == null) {
        throw new IllegalArgumentException("no fixture " + path(file));
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the upstream answers with an event stream. */
  public boolean upstreamStreams() {
    return has("upstream.sse");
  }

  /** Whether the client gets an event stream. */
  public boolean clientStreams() {
    return has("claude.sse");
  }

  public byte[] upstreamAnswer() {
    return bytes(upstreamStreams() ? "upstream.sse" : "upstream.json");
  }

  public byte[] claudeAnswer() {
    return bytes(clientStreams() ? "claude.sse" : "claude.json");
  }

  @Override
  public String toString() {
    return dialect + "/" + name;
  }

  private String path(String file) {
    return "/fixtures/" + dialect + "/" + name + "/" + file;
  }
}
