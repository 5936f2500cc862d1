package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.RequestException;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** The conversation of a request: each Claude message becomes zero or more chat messages. */
final class ChatMessages {

  private static final byte[] SYSTEM = ascii("{\"role\":\"system\",\"content\":\"");
  private static final byte[] STRING_END = ascii("\"}");

  private final Splices.Section system;
  private final Splices.Section messages;
  private final Splices.Section scratch;
  private final Splices.Section unusedImages;
  private final ChatText text;
  private final ChatUserTurn user;
  private final ChatAssistantTurn assistant;

  /** For a content that stands before its role and had to be passed over first. */
  private final JsonCursor later = new JsonCursor();

  private final Span laterContent = new Span();

  ChatMessages(ByteBuf in, Splices splices) {
    ByteBuffer body = in.nioBuffer(0, in.writerIndex());
    system = splices.section();
    messages = splices.section();
    scratch = splices.section();
    unusedImages = splices.section();
    ChatImages images = new ChatImages(body);
    text = new ChatText(images);
    user = new ChatUserTurn(body, images, splices);
    assistant = new ChatAssistantTurn(splices);
    later.reset(body, 0, 0);
  }

  /** Appends the elements of the array {@code messages}, the system prompt first. */
  void appendTo(Splices.Section out) {
    out.append(system);
    if (!system.isEmpty() && !messages.isEmpty()) {
      out.glue(',');
    }
    out.append(messages);
  }

  /** Reads the field {@code system}. */
  void readSystem(JsonCursor at) throws JsonSyntaxException {
    readSystem(at, system);
  }

  /** Reads the field {@code messages}. */
  void readAll(JsonCursor at) throws JsonSyntaxException, RequestException {
    at.enterArray();
    for (int i = 0; at.nextElement(); i++) {
      readMessage(at, i);
    }
  }

  private void readMessage(JsonCursor at, int number)
      throws JsonSyntaxException, RequestException {
    String role = "";
    laterContent.clear();
    at.enterObject();
    while (at.nextField()) {
      if (at.keyIs("role") && at.peek() == JsonCursor.Kind.STRING) {
        at.readString();
        role = at.stringValue();
      } else if (at.keyIs("content") && !role.isEmpty()) {
        readContent(role, at, number);
      } else if (at.keyIs("content")) {
        at.skipValue();
        laterContent.set(at.valueStart(), at.valueEnd());
      } else {
        at.skipValue();
      }
    }
    if (laterContent.isPresent()) {
      later.reset(laterContent.start(), laterContent.end());
      readContent(role, later, number);
    }
  }

  private void readContent(String role, JsonCursor at, int number)
      throws JsonSyntaxException, RequestException {
    switch (role) {
      case "user" -> user.read(at, messages);
      case "assistant" -> assistant.read(at, messages);
      case "system" -> readSystem(at, messages);
      default ->
          throw RequestException.invalid(
              "messages." + number + ".role: \"" + role
                  + "\" (expected: user, assistant or system)");
    }
  }

  /** A system text, at the top or in the middle of the conversation: one string. */
  private void readSystem(JsonCursor at, Splices.Section out) throws JsonSyntaxException {
    if (text.read(at, scratch.clear(), unusedImages.clear())) {
      out.comma().glue(SYSTEM).append(scratch).glue(STRING_END);
    }
  }
}
