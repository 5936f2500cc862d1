package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.claude.ContentBlock;
import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Says the content blocks of users, systems and tools as the content of chat messages. */
final class ChatBlocks {

  private static final byte[] LINE_FEED = ascii("\\n");
  private static final byte[] TOOL_AVAILABLE = ascii("tool available: ");

  private final ByteBuffer body;
  private final Span string = new Span();
  private @Nullable ContentBlock block; // made with the first list of blocks
  private final ChatMedia media;
  private final JsonCursor nested = new JsonCursor();
  private @Nullable ContentBlock nestedBlock; // made when there are blocks in a block

  /** Texts that begin so are left out; empty for none. */
  private String unwanted = "";

  ChatBlocks(ByteBuffer body, ChatProfile profile) {
    this.body = body;
    media = new ChatMedia(body, profile);
    nested.reset(body, 0, 0);
  }

  /** Leaves texts out that begin with {@code start}, from now on; an empty one ends that. */
  void skipTextsThatStartWith(String start) {
    unwanted = start;
  }

  /**
   * Adds a string, or the blocks of an array.
   *
   * @param at stands before the value, and behind it afterwards
   * @param out gets what is text
   * @param mediaOut gets images and files; may be {@code out} itself
   */
  void addAll(JsonCursor at, ChatContent out, ChatContent mediaOut) throws JsonSyntaxException {
    switch (at.peek()) {
      case STRING -> {
        at.readString();
        string.set(at.valueStart(), at.valueEnd());
        out.text(string, ChatContent.NO_MARK);
      }
      case ARRAY -> {
        at.enterArray();
        ContentBlock each = block == null ? new ContentBlock() : block;
        block = each;
        while (at.nextElement()) {
          each.read(at);
          add(each, out, mediaOut);
        }
      }
      default -> at.skipValue();
    }
  }

  /** Adds one block. A kind that nobody knows yet counts as its text, or as nothing. */
  void add(ContentBlock added, ChatContent out, ChatContent mediaOut) throws JsonSyntaxException {
    switch (added.kind()) {
      case IMAGE -> media.image(added.source, mediaOut);
      case DOCUMENT -> document(added, out, mediaOut);
      case SEARCH_RESULT -> searchResult(added, out);
      case TOOL_REFERENCE -> {
        if (added.toolName.isPresent()) {
          out.openText();
          out.glue(TOOL_AVAILABLE);
          out.inside(added.toolName);
          out.closeText(added.cacheControl);
        }
      }
      default -> {
        if (!isUnwanted(added.text)) {
          out.text(added.text, added.cacheControl);
        }
      }
    }
  }

  private boolean isUnwanted(Span text) {
    return !unwanted.isEmpty() && startsWith(text, unwanted);
  }

  /** Whether the first text of a string, or of an array of blocks, begins with {@code start}. */
  boolean saysAtFirst(Span content, String start) throws JsonSyntaxException {
    nested.reset(content.start(), content.end());
    if (nested.peek() == JsonCursor.Kind.STRING) {
      return startsWith(content, start);
    }
    if (nested.peek() == JsonCursor.Kind.ARRAY) {
      nested.enterArray();
      if (nested.nextElement() && nested.peek() == JsonCursor.Kind.OBJECT) {
        return startsWith(readNested().text, start);
      }
    }
    return false;
  }

  private ContentBlock readNested() throws JsonSyntaxException {
    ContentBlock inner = nestedBlock == null ? new ContentBlock() : nestedBlock;
    nestedBlock = inner;
    inner.read(nested);
    return inner;
  }

  private boolean startsWith(Span text, String start) {
    if (text.end() - text.start() - 2 < start.length()) {
      return false;
    }
    for (int i = 0; i < start.length(); i++) {
      if (body.get(text.start() + 1 + i) != start.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void document(ContentBlock document, ChatContent out, ChatContent mediaOut)
      throws JsonSyntaxException {
    media.readSource(document.source);
    if (media.isFile()) {
      media.file(document.title, mediaOut);
      return;
    }
    out.openText();
    line(document.title, out);
    line(document.context, out);
    Span text = media.text();
    if (text.isPresent()) {
      out.inside(text);
    } else if (media.content().isPresent()) {
      texts(media.content(), out);
    } else {
      out.glue(media.placeholder());
      if (media.url().isPresent()) {
        out.inside(media.url());
      }
    }
    out.closeText(document.cacheControl);
  }

  private void searchResult(ContentBlock result, ChatContent out) throws JsonSyntaxException {
    out.openText();
    line(result.title, out);
    if (result.source.isPresent() && body.get(result.source.start()) == '"') {
      line(result.source, out);
    }
    texts(result.content, out);
    out.closeText(result.cacheControl);
  }

  private static void line(Span text, ChatContent out) {
    if (text.isPresent() && !text.isEmptyString()) {
      out.inside(text);
      out.glue(LINE_FEED);
    }
  }

  /** The texts of a string or of an array of blocks, in the open text. */
  private void texts(Span content, ChatContent out) throws JsonSyntaxException {
    if (!content.isPresent()) {
      return;
    }
    nested.reset(content.start(), content.end());
    if (nested.peek() == JsonCursor.Kind.STRING) {
      out.inside(content);
    } else if (nested.peek() == JsonCursor.Kind.ARRAY) {
      nested.enterArray();
      for (boolean first = true; nested.nextElement(); first = false) {
        ContentBlock inner = readNested();
        if (inner.text.isPresent()) {
          if (!first) {
            out.glue(LINE_FEED);
          }
          out.inside(inner.text);
        }
      }
    }
  }
}
