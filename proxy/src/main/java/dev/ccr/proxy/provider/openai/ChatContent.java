package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;

/**
 * The content of one chat message as it is gathered: as a list of parts and, as long as there is
 * nothing but text, as one string. Used again for message after message.
 */
final class ChatContent {

  private static final byte[] TEXT_PART = ascii("{\"type\":\"text\",\"text\":\"");
  private static final byte[] NOTHING = {};

  /** For a part without {@code cache_control}. Stays as it is. */
  static final Span NO_MARK = new Span();

  private final Splices.Section parts;
  private final Splices.Section string;

  /** The text that is open: one that stays empty is left out, since many upstreams refuse it. */
  private final Splices.Section open;

  private final CacheMarks marks;
  private final byte[] separator;
  private byte[] prefix = NOTHING;
  private int count;
  private boolean onlyText = true;
  private boolean marked;

  /** The last part is a text whose brace is still to come, since it may get a mark. */
  private boolean unclosed;

  /** @param separator between two texts in one string, as it stands inside a string */
  ChatContent(Splices splices, CacheMarks marks, String separator) {
    parts = splices.section();
    string = splices.section();
    open = splices.section();
    this.marks = marks;
    this.separator = ascii(separator);
  }

  void clear() {
    parts.clear();
    string.clear();
    count = 0;
    onlyText = true;
    marked = false;
    unclosed = false;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Whether one string says it all: nothing but text, and no mark that a string cannot carry. */
  boolean isString() {
    return onlyText && !marked;
  }

  int count() {
    return count;
  }

  /** What the next text begins with, as it stands inside a string; once. */
  void prefix(byte[] prefix) {
    this.prefix = prefix;
  }

  /** Adds a text as it stands in the source. */
  void text(Span text, Span mark) {
    if (text.isPresent()) {
      openText();
      inside(text);
      closeText(mark);
    }
  }

  /** Begins a text made of pieces. */
  void openText() {
    open.clear();
  }

  /** Adds a string of the source to the open text. */
  void inside(Span text) {
    open.inside(text);
  }

  /** Adds constant text to the open text, as it stands inside a string. */
  void glue(byte[] text) {
    open.glue(text);
  }

  /** Adds the texts of another content to the open text. */
  void inside(ChatContent other) {
    open.append(other.string);
  }

  void closeText(Span mark) {
    if (open.length() == 0) {
      return;
    }
    if (count++ > 0) {
      string.glue(separator);
    }
    string.glue(prefix).append(open);
    closePart();
    parts.comma().glue(TEXT_PART).glue(prefix).append(open).glue('"');
    prefix = NOTHING;
    unclosed = true;
    mark(mark);
  }

  /** Marks the last part, if it is a text without a mark. */
  void mark(Span mark) {
    if (unclosed && marks.append(mark, parts)) {
      marked = true;
      closePart();
    }
  }

  private void closePart() {
    if (unclosed) {
      unclosed = false;
      parts.glue('}');
    }
  }

  /** Begins a part that is no text: the caller writes a whole object to the section. */
  Splices.Section part() {
    count++;
    onlyText = false;
    closePart();
    return parts.comma();
  }

  /** Adds the parts of another content, as they are. */
  void addAll(ChatContent other) {
    if (!other.isEmpty()) {
      if (count > 0 && onlyText && other.onlyText) {
        string.glue(separator);
      }
      string.append(other.string);
      closePart();
      other.closePart();
      parts.comma().append(other.parts);
      count += other.count;
      onlyText &= other.onlyText;
      marked |= other.marked;
    }
  }

  /** Writes the value: a string where that says it all, else the parts. */
  void writeTo(Splices.Section out) {
    closePart();
    if (isString()) {
      writeString(out);
    } else {
      out.glue('[').append(parts).glue(']');
    }
  }

  /** Writes the value for a user's message: texts stay apart unless there is only one. */
  void writeUserTo(Splices.Section out, boolean stringsOnly) {
    closePart();
    if (isString() && (count == 1 || stringsOnly)) {
      writeString(out);
    } else {
      out.glue('[').append(parts).glue(']');
    }
  }

  private void writeString(Splices.Section out) {
    out.glue('"').append(string).glue('"');
  }
}
