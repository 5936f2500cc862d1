package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.provider.openai.ChatProfile.Quirk;
import java.nio.ByteBuffer;

/**
 * Images and files as parts of a chat message. A source is inline ({@code base64}), text, a URL, or
 * a file that only the Claude API holds.
 */
final class ChatMedia {

  private static final byte[] IMAGE = ascii("{\"type\":\"image_url\",\"image_url\":{\"url\":");
  private static final byte[] FILE = ascii("{\"type\":\"file\",\"file\":{\"filename\":");
  private static final byte[] FILE_DATA = ascii(",\"file_data\":");
  private static final byte[] DATA = ascii("\"data:");
  private static final byte[] BASE64 = ascii(";base64,");
  private static final byte[] END = ascii("}}");
  private static final byte[] NO_IMAGE = ascii("[image file ID not available]");
  private static final byte[] NO_DOCUMENT = ascii("[document file ID not available]");
  private static final byte[] DOCUMENT_URL = ascii("[document] ");
  private static final byte[] TEXT_ONLY =
      ascii("[left out: the provider of this model takes nothing but text]");

  private final JsonCursor at = new JsonCursor();
  private final boolean fileUrls;
  private final boolean textOnly;
  private final Span mediaType = new Span();
  private final Span data = new Span();
  private final Span url = new Span();
  private final Span content = new Span();
  private boolean isText;

  ChatMedia(ByteBuffer body, ChatProfile profile) {
    fileUrls = profile.has(Quirk.FILE_URLS);
    textOnly = profile.has(Quirk.STRINGS_ONLY);
    at.reset(body, 0, 0);
  }

  /** Adds an image. */
  void image(Span source, ChatContent out) throws JsonSyntaxException {
    readSource(source);
    if (textOnly) {
      leftOut(out);
    } else if (data.isPresent() && mediaType.isPresent()) {
      inline(out.part().glue(IMAGE)).glue(END);
    } else if (url.isPresent()) {
      out.part().glue(IMAGE).range(url).glue(END);
    } else {
      out.openText();
      out.glue(NO_IMAGE);
      out.closeText(ChatContent.NO_MARK);
    }
  }

  /** Reads the {@code source} of a document, for the questions below. */
  void readSource(Span source) throws JsonSyntaxException {
    mediaType.clear();
    data.clear();
    url.clear();
    content.clear();
    isText = false;
    if (!source.isPresent()) {
      return;
    }
    at.reset(source.start(), source.end());
    if (at.peek() != JsonCursor.Kind.OBJECT) {
      return;
    }
    at.enterObject();
    while (at.nextField()) {
      readField();
    }
  }

  /** Whether the source is a file for the upstream. */
  boolean isFile() {
    boolean inline = data.isPresent() && mediaType.isPresent() && !isText;
    return inline || (fileUrls && url.isPresent());
  }

  /** Adds the file. */
  void file(Span title, ChatContent out) {
    if (textOnly) {
      leftOut(out);
      return;
    }
    Splices.Section part = out.part().glue(FILE);
    if (title.isPresent() && !title.isEmptyString()) {
      part.range(title);
    } else {
      part.string("document.pdf");
    }
    part.glue(FILE_DATA);
    if (data.isPresent()) {
      inline(part);
    } else {
      part.range(url);
    }
    part.glue(END);
  }

  /** The text that the source is, if it is one. */
  Span text() {
    return isText ? data : ChatContent.NO_MARK;
  }

  /** The blocks, or the string, that the source holds. */
  Span content() {
    return content;
  }

  Span url() {
    return url;
  }

  /** Says that there is a document which the upstream cannot get; a URL may follow. */
  byte[] placeholder() {
    return url.isPresent() ? DOCUMENT_URL : NO_DOCUMENT;
  }

  private static void leftOut(ChatContent out) {
    out.openText();
    out.glue(TEXT_ONLY);
    out.closeText(ChatContent.NO_MARK);
  }

  private void readField() throws JsonSyntaxException {
    boolean isString = at.peek() == JsonCursor.Kind.STRING;
    boolean isType = at.keyIs("type");
    Span span =
        at.keyIs("media_type")
            ? mediaType
            : at.keyIs("data") ? data : at.keyIs("url") ? url : null;
    boolean isContent = at.keyIs("content");
    at.skipValue();
    if (isType && isString) {
      isText = at.stringIs("text");
    } else if (isContent) {
      content.set(at.valueStart(), at.valueEnd());
    } else if (span != null && isString) {
      span.set(at.valueStart(), at.valueEnd());
    }
  }

  private Splices.Section inline(Splices.Section part) {
    return part.glue(DATA).inside(mediaType).glue(BASE64).inside(data).glue('"');
  }
}
