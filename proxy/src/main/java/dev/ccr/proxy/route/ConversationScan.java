package dev.ccr.proxy.route;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.model.ModelTag;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds in the conversation of a request what routes depend on: a model tag in the system prompt or
 * the first user messages, and images in the last turn. Used again; not thread-safe.
 */
final class ConversationScan {

  /** A tag counts in so many user messages from the first. */
  private static final int TAGGED_USER_MESSAGES = 2;

  /** Results hold blocks; what is nested deeper is not looked at. */
  private static final int MAX_NESTING = 2;

  private final JsonCursor at;
  private ByteBuffer body = ByteBuffer.allocate(0);
  private int userMessages;
  private boolean image;
  private @Nullable ModelTag tag;

  /** Of the message that is being read. */
  private boolean imageInMessage;

  private @Nullable ModelTag tagInMessage;

  /** Whether a tag counts in what is being read. */
  private boolean taggable;

  ConversationScan(JsonCursor at) {
    this.at = at;
  }

  /** @param body borrowed until {@link #clear} */
  void reset(ByteBuffer body) {
    this.body = body;
    userMessages = 0;
    image = false;
    tag = null;
  }

  void clear() {
    reset(ByteBuffer.allocate(0));
  }

  boolean image() {
    return image;
  }

  @Nullable ModelTag tag() {
    return tag;
  }

  /** Reads the value of {@code system}. */
  void readSystem() throws JsonSyntaxException {
    begin(true);
    readContent(0);
    keepTag();
  }

  /** Reads the array {@code messages}. */
  void readMessages() throws JsonSyntaxException {
    at.enterArray();
    while (at.nextElement()) {
      if (at.peek() == JsonCursor.Kind.OBJECT) {
        readMessage();
      } else {
        at.skipValue();
      }
    }
  }

  private void readMessage() throws JsonSyntaxException {
    boolean user = false;
    boolean assistant = false;
    begin(userMessages < TAGGED_USER_MESSAGES);
    at.enterObject();
    while (at.nextField()) {
      if (at.keyIs("content")) {
        readContent(0);
      } else if (at.keyIs("role") && at.peek() == JsonCursor.Kind.STRING) {
        at.skipValue();
        user = at.stringIs("user");
        assistant = at.stringIs("assistant");
      } else {
        at.skipValue();
      }
    }
    if (user) {
      image |= imageInMessage;
      userMessages++;
      keepTag();
    } else if (assistant) {
      image = false;
    }
  }

  private void begin(boolean taggable) {
    this.taggable = taggable;
    imageInMessage = false;
    tagInMessage = null;
  }

  private void keepTag() {
    if (tag == null) {
      tag = tagInMessage;
    }
  }

  /** A string, or an array of blocks. */
  private void readContent(int nesting) throws JsonSyntaxException {
    switch (at.peek()) {
      case STRING -> {
        at.skipValue();
        if (nesting == 0) { // what a tool gives back chooses no model
          findTag();
        }
      }
      case ARRAY -> {
        at.enterArray();
        while (at.nextElement()) {
          if (at.peek() == JsonCursor.Kind.OBJECT) {
            readBlock(nesting);
          } else {
            at.skipValue();
          }
        }
      }
      default -> at.skipValue();
    }
  }

  private void readBlock(int nesting) throws JsonSyntaxException {
    at.enterObject();
    while (at.nextField()) {
      if (at.keyIs("type") && at.peek() == JsonCursor.Kind.STRING) {
        at.skipValue();
        imageInMessage |= at.stringIs("image");
      } else if (at.keyIs("text") && nesting == 0 && at.peek() == JsonCursor.Kind.STRING) {
        at.skipValue();
        findTag();
      } else if (at.keyIs("content") && nesting + 1 < MAX_NESTING) {
        readContent(nesting + 1);
      } else {
        at.skipValue();
      }
    }
  }

  /** Looks at the string that was skipped last. */
  private void findTag() {
    if (taggable && tag == null && tagInMessage == null) {
      tagInMessage = TagScan.find(body, at.valueStart(), at.valueEnd());
    }
  }
}
