package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;
import java.nio.ByteBuffer;

/** Images as parts of a chat message. */
final class ChatImages {

  private static final byte[] URL = ascii("{\"type\":\"image_url\",\"image_url\":{\"url\":");
  private static final byte[] DATA = ascii("\"data:");
  private static final byte[] BASE64 = ascii(";base64,");
  private static final byte[] END = ascii("}}");
  private static final byte[] UNAVAILABLE =
      ascii("{\"type\":\"text\",\"text\":\"[image file ID not available]\"}");

  private final JsonCursor at = new JsonCursor();
  private final Span mediaType = new Span();
  private final Span data = new Span();
  private final Span url = new Span();

  /**
   * @param body the request
   */
  ChatImages(ByteBuffer body) {
    at.reset(body, 0, 0);
  }

  /**
   * Adds an image to the parts of a message.
   *
   * @param source its {@code source}: base64, a URL, or a file that only the Claude API has
   * @param out gets one more part
   */
  void add(Span source, Splices.Section out) throws JsonSyntaxException {
    mediaType.clear();
    data.clear();
    url.clear();
    if (source.isPresent()) {
      read(source);
    }
    out.comma();
    if (data.isPresent() && mediaType.isPresent()) {
      out.glue(URL).glue(DATA).inside(mediaType).glue(BASE64).inside(data).glue('"').glue(END);
    } else if (url.isPresent()) {
      out.glue(URL).range(url).glue(END);
    } else {
      out.glue(UNAVAILABLE);
    }
  }

  private void read(Span source) throws JsonSyntaxException {
    at.reset(source.start(), source.end());
    at.enterObject();
    while (at.nextField()) {
      boolean isString = at.peek() == JsonCursor.Kind.STRING;
      Span span = at.keyIs("media_type") ? mediaType : at.keyIs("data") ? data : url;
      boolean known = span != url || at.keyIs("url");
      at.skipValue();
      if (known && isString) {
        span.set(at.valueStart(), at.valueEnd());
      }
    }
  }
}
