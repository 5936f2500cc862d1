package dev.ccr.proxy.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ccr.proxy.model.Profile;
import dev.ccr.proxy.provider.openai.ChatProfile;
import dev.ccr.proxy.provider.openai.ChatProfile.Quirk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README says of each provider what its profile says. */
final class ProviderTableTest {

  private static final Path README = Path.of("..", "README.md");
  private static final String HEAD =
      "| `profile` | known by | format | streams | tools | images, PDF"
          + " | thinking is asked for as | and given back as | what else is different |";

  @Test
  void theReadmesTableIsWhatTheProfilesSay() throws Exception {
    List<String> lines = Files.readAllLines(README);
    int head = lines.indexOf(HEAD);
    List<String> rows =
        lines.stream().skip(head + 2).takeWhile(line -> line.startsWith("|")).toList();
    assertEquals(
        Arrays.stream(Profile.values()).map(ProviderTableTest::row).collect(Collectors.joining("\n")),
        String.join("\n", rows));
  }

  private static String row(Profile profile) {
    Stream<String> cells =
        profile.speaksClaude()
            ? Stream.of("Claude", "yes", "yes", "yes", "it is", "it is", "the bytes are passed on")
            : cells(ChatProfiles.of(profile));
    return "| `" + profile.key() + "` | " + knownBy(profile) + " | "
        + cells.collect(Collectors.joining(" | ")) + " |";
  }

  private static String knownBy(Profile profile) {
    return switch (profile) {
      case PLAIN -> "everybody else";
      case ANTHROPIC -> hosts(profile) + ", or `/messages` at the end of the path";
      default -> profile.hosts().isEmpty() ? "its name" : hosts(profile);
    };
  }

  private static String hosts(Profile profile) {
    return profile.hosts().stream().map(host -> "`" + host + "`").collect(Collectors.joining(", "));
  }

  private static Stream<String> cells(ChatProfile profile) {
    boolean textOnly = profile.quirks().contains(Quirk.STRINGS_ONLY);
    String depth =
        switch (profile.depth()) {
          case EFFORT -> "`reasoning_effort`, to OpenAI's reasoning models";
          case GEMINI_EFFORT -> "`reasoning_effort`, to 2.5 and later";
          case REASONING_OBJECT -> "`reasoning`";
          case THINKING_TYPE -> "`thinking`";
          case ENABLE_THINKING -> "`enable_thinking`";
          case NONE -> "";
        };
    String history =
        switch (profile.history()) {
          case DROPPED -> "";
          case REASONING_CONTENT -> "`reasoning_content`";
          case REASONING_DETAILS -> "`reasoning_details`";
        };
    List<String> others = new ArrayList<>();
    switch (profile.toolIds()) {
      case ANY -> {}
      case UP_TO_40 -> others.add("tool call ids up to 40 characters");
      case NINE_ALPHANUMERIC -> others.add("tool call ids of nine letters and digits");
    }
    switch (profile.schemas()) {
      case ANY -> {}
      case PLAIN_TOP -> others.add("no `anyOf` at the top of a schema");
      case OPEN_API -> others.add("schemas of OpenAPI");
    }
    Arrays.stream(Quirk.values())
        .filter(profile.quirks()::contains)
        .map(ProviderTableTest::said)
        .forEach(others::add);
    return Stream.of(
        "chat", "yes", "yes", textOnly ? "no: said in text" : "yes", depth, history,
        String.join("; ", others));
  }

  private static String said(Quirk quirk) {
    return switch (quirk) {
      case API_KEY_HEADER -> "key as `api-key`";
      case NO_STREAM_OPTIONS -> "no `stream_options`";
      case NO_STOP -> "no `stop`";
      case SYSTEM_FIRST_ONLY -> "later system messages as reminders of the user's";
      case ALTERNATING -> "messages of one role merged";
      case STRINGS_ONLY -> "contents as strings";
      case NO_TOOL_CHOICE -> "no `tool_choice`";
      case NO_PARALLEL_TOOL_CALLS -> "no `parallel_tool_calls`";
      case TOOLS_WITH_CALLS -> "a tool that does nothing if there are calls and no tools";
      case TOP_K -> "`top_k`";
      case NO_NULL_CONTENT -> "no `null` contents";
      case PREFIX -> "`prefix` for an answer that the client began";
      case ALWAYS_REASONING_CONTENT -> "`reasoning_content` in every answer";
      case THOUGHT_SIGNATURES -> "signatures of tool calls";
      case CACHE_CONTROL -> "`cache_control`, for Claude, Gemini and Qwen";
      case WEB_PLUGIN -> "web search by its plugin";
      case FILE_URLS -> "files by URL";
    };
  }
}
