package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.Splices;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tool calls of the last assistant message and the results they have got. OpenAI answers 400 to
 * a call without a result, to a result without a call, and to two results of one call.
 */
final class OpenCalls {

  private static final byte[] TOOL = ascii("{\"role\":\"tool\",\"tool_call_id\":");
  private static final byte[] CONTENT = ascii(",\"content\":");
  private static final byte[] NO_RESULT = ascii("\"[no result]\"");
  private static final byte[] NOTHING = ascii("\"\"");
  private static final byte[] IMAGE_FOLLOWS = ascii("\"[image follows]\"");

  /** What one call has given. */
  static final class Result {
    private final ChatContent content;
    private String id = "";
    private boolean mediaFollows;

    private Result(ChatContent content) {
      this.content = content;
    }

    ChatContent content() {
      return content;
    }

    /** Images or files of the result stand in the user message that comes next. */
    void mediaFollows() {
      mediaFollows = true;
    }
  }

  private final Splices splices;
  private final CacheMarks marks;
  private final ToolCallIds ids;
  private final Set<String> open = new LinkedHashSet<>();

  /** Used again for turn after turn; the first {@link #count} are of this one. */
  private final List<Result> results = new ArrayList<>();

  private int count;

  /** The results of this turn by their ids: a turn may have very many. */
  private final Map<String, Result> answered = new HashMap<>();

  OpenCalls(Splices splices, CacheMarks marks, ToolCallIds ids) {
    this.splices = splices;
    this.marks = marks;
    this.ids = ids;
  }

  boolean isEmpty() {
    return open.isEmpty() && count == 0;
  }

  /** Whether a call still lacks its result. */
  boolean awaitsResults() {
    return !open.isEmpty();
  }

  /** A call has been made. */
  void add(String id) {
    open.add(id);
  }

  /**
   * Begins the result of a call; of two results for one call the last counts.
   *
   * @return where to write it, or {@code null} if there is no such call
   */
  @Nullable Result begin(String id) {
    Result known = answered.get(id);
    if (known != null) {
      return clear(known, id);
    }
    if (!open.remove(id)) {
      return null;
    }
    if (count == results.size()) {
      results.add(new Result(new ChatContent(splices, marks, "\\n")));
    }
    Result result = clear(results.get(count++), id);
    answered.put(id, result);
    return result;
  }

  /** Appends a message for each result, in the order they came, then for each call without one. */
  void close(Splices.Section out) {
    for (int i = 0; i < count; i++) {
      Result result = results.get(i);
      begin(result.id, out);
      if (!result.content.isEmpty()) {
        result.content.writeTo(out);
      } else {
        out.glue(result.mediaFollows ? IMAGE_FOLLOWS : NOTHING);
      }
      out.glue('}');
    }
    for (String id : open) {
      begin(id, out);
      out.glue(NO_RESULT).glue('}');
    }
    open.clear();
    answered.clear();
    count = 0;
  }

  private void begin(String id, Splices.Section out) {
    out.comma().glue(TOOL);
    ids.append(id, out);
    out.glue(CONTENT);
  }

  private static Result clear(Result result, String id) {
    result.id = id;
    result.mediaFollows = false;
    result.content.clear();
    return result;
  }
}
