package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.claude.ContentBlock;
import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Splices;

/** Contents that chat takes as one string only: a string, or the texts of an array of blocks. */
final class ChatText {

  /** A line feed, as it stands inside a string. */
  private static final byte[] LINE_FEED = {'\\', 'n'};

  private final ContentBlock block = new ContentBlock();
  private final ChatImages images;

  ChatText(ChatImages images) {
    this.images = images;
  }

  /**
   * Appends the inside of the string.
   *
   * @param at stands before the content, and behind it afterwards
   * @param imageParts gets the images among the blocks, which no string can hold
   * @return whether there was any text
   */
  boolean read(JsonCursor at, Splices.Section out, Splices.Section imageParts)
      throws JsonSyntaxException {
    if (at.peek() == JsonCursor.Kind.STRING) {
      at.readString();
      out.range(at.valueStart() + 1, at.valueEnd() - 1);
      return at.valueEnd() - at.valueStart() > 2;
    }
    if (at.peek() != JsonCursor.Kind.ARRAY) {
      at.skipValue();
      return false;
    }
    boolean any = false;
    at.enterArray();
    while (at.nextElement()) {
      block.read(at);
      if (block.kind() == ContentBlock.Kind.IMAGE) {
        images.add(block.source, imageParts);
      } else if (block.text.isPresent() && !block.text.isEmptyString()) {
        if (any) {
          out.glue(LINE_FEED);
        }
        any = true;
        out.inside(block.text);
      }
    }
    return any;
  }
}
