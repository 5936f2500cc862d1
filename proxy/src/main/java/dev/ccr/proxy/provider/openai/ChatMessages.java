package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.claude.ContentBlock;
import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.provider.openai.ChatProfile.Quirk;
import java.nio.ByteBuffer;

/**
 * The conversation of a request: each Claude message becomes zero or more chat messages. Nothing may
 * stand between tool calls and their results: what a client puts there comes after them.
 */
final class ChatMessages {

  private static final byte[] SYSTEM = ascii("{\"role\":\"system\",\"content\":");
  private static final byte[] USER = ascii("{\"role\":\"user\",\"content\":");
  private static final byte[] REMINDER = ascii("<system-reminder>\\n");
  private static final byte[] REMINDER_END = ascii("\\n</system-reminder>");

  /** Claude Code's first system block: of use to Anthropic only, and new in every build. */
  private static final String BILLING = "x-anthropic-billing-header";

  private final ChatProfile profile;
  private final Splices.Section system;
  private final Splices.Section messages;

  /** System messages that came between calls and their results. */
  private final Splices.Section held;

  private final ChatBlocks blocks;
  private final ChatUserTurn user;
  private final ChatAssistantTurn assistant;
  private final OpenCalls openCalls;
  private final ChatContent systemContent;
  private final ChatContent userContent;
  private final ChatContent resultMedia;

  /** For a content that stands before its role and had to be passed over first. */
  private final JsonCursor later = new JsonCursor();

  private final Span laterContent = new Span();

  /** Whether messages of one role that follow each other become one. */
  private final boolean merges;

  /** A user message has been read and not been written: results may follow in the next one. */
  private boolean userWaits;

  private boolean calls;

  ChatMessages(
      ByteBuffer body, Splices splices, ChatProfile profile, ChatModel model, ToolNames names) {
    this.profile = profile;
    system = splices.section();
    messages = splices.section();
    held = splices.section();
    CacheMarks marks = new CacheMarks(profile, model);
    ToolCallIds ids = new ToolCallIds(profile.toolIds(), model);
    openCalls = new OpenCalls(splices, marks, ids);
    blocks = new ChatBlocks(body, profile);
    merges = profile.has(Quirk.ALTERNATING) || profile.has(Quirk.SYSTEM_FIRST_ONLY);
    ContentBlock block = new ContentBlock(); // one at a time, whoever says it
    user = new ChatUserTurn(body, block, blocks, openCalls);
    assistant =
        new ChatAssistantTurn(
            body, block, splices, profile, model, names, ids, openCalls);
    systemContent = new ChatContent(splices, marks, "\\n");
    userContent = new ChatContent(splices, marks, "\\n\\n");
    resultMedia = new ChatContent(splices, marks, "\\n");
    later.reset(body, 0, 0);
  }

  /** Whether the conversation holds tool calls. */
  boolean holdsCalls() {
    return calls;
  }

  /** Appends the elements of the array {@code messages}, the system prompt first. */
  void appendTo(Splices.Section out) {
    if (profile.has(Quirk.PREFIX) && !userWaits && !assistant.hasCalls()) {
      assistant.writePrefixTo(messages);
    }
    endTurn();
    out.append(system);
    if (!system.isEmpty() && !messages.isEmpty()) {
      out.glue(',');
    }
    out.append(messages);
  }

  /** Reads the field {@code system}. */
  void readSystem(JsonCursor at) throws JsonSyntaxException {
    systemContent.clear();
    blocks.skipTextsThatStartWith(BILLING);
    blocks.addAll(at, systemContent, systemContent);
    blocks.skipTextsThatStartWith("");
    writeSystem(system);
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
      case "user" -> {
        beginUser();
        user.read(at, userContent, resultMedia);
        if (!openCalls.awaitsResults() && !merges) {
          endTurn();
        }
      }
      case "assistant" -> {
        if (userWaits || !(merges || assistant.hasCalls())) {
          endTurn();
        }
        assistant.goOn();
        assistant.read(at);
        calls |= assistant.hasCalls();
      }
      case "system" -> {
        systemContent.clear();
        blocks.addAll(at, systemContent, systemContent);
        addSystem();
      }
      default ->
          throw RequestException.invalid(
              "messages." + number + ".role: \"" + role
                  + "\" (expected: user, assistant or system)");
    }
  }

  /**
   * Writes what has waited, since one turn may be said in several messages: calls, their results,
   * what had to come after them, and what the user said beside.
   */
  private void endTurn() {
    assistant.writeTo(messages);
    openCalls.close(messages);
    if (!held.isEmpty()) {
      messages.comma().append(held);
      held.clear();
    }
    if (userWaits) {
      userWaits = false;
      writeUser();
    }
  }

  private void writeUser() {
    resultMedia.addAll(userContent);
    userContent.clear();
    if (!resultMedia.isEmpty()) {
      messages.comma().glue(USER);
      resultMedia.writeUserTo(messages, profile.has(Quirk.STRINGS_ONLY));
      messages.glue('}');
    }
  }

  /**
   * A system message in the middle of the conversation keeps its place, as far as it may; where it
   * may not stand at all the user says it.
   */
  private void addSystem() {
    if (profile.has(Quirk.SYSTEM_FIRST_ONLY)) {
      if (!systemContent.isEmpty()) {
        beginUser();
        userContent.openText();
        userContent.glue(REMINDER);
        userContent.inside(systemContent);
        userContent.glue(REMINDER_END);
        userContent.closeText(ChatContent.NO_MARK);
      }
      return;
    }
    boolean complete = !openCalls.awaitsResults();
    if (complete && (openCalls.isEmpty() || !userContent.isEmpty())) {
      endTurn();
    }
    writeSystem(openCalls.isEmpty() ? messages : held);
  }

  /** What follows belongs to the user: to the message that waits, or to a new one. */
  private void beginUser() {
    assistant.writeTo(messages);
    if (!userWaits) {
      userContent.clear();
      resultMedia.clear();
    }
    userWaits = true;
  }

  private void writeSystem(Splices.Section out) {
    if (!systemContent.isEmpty()) {
      out.comma().glue(SYSTEM);
      systemContent.writeTo(out);
      out.glue('}');
    }
  }
}
