package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.provider.openai.ChatModel.Trait;

/**
 * How much the model is to think: Claude's {@code thinking} and {@code output_config.effort} in the
 * words of the upstream. A model that is not known to reason is told nothing: it would refuse.
 */
final class ChatDepth {

  private static final byte[] REASONING_EFFORT = ascii(",\"reasoning_effort\":");
  private static final byte[] REASONING_MAX_TOKENS = ascii(",\"reasoning\":{\"max_tokens\":");
  private static final byte[] REASONING_EFFORT_OBJECT = ascii(",\"reasoning\":{\"effort\":");
  private static final byte[] REASONING_OFF = ascii(",\"reasoning\":{\"enabled\":false}");
  private static final byte[] THINKING_ON = ascii(",\"thinking\":{\"type\":\"enabled\"}");
  private static final byte[] THINKING_OFF = ascii(",\"thinking\":{\"type\":\"disabled\"}");
  private static final byte[] ENABLE = ascii(",\"enable_thinking\":true");
  private static final byte[] DISABLE = ascii(",\"enable_thinking\":false");

  /** Budgets below these many tokens are a low and a medium effort. */
  private static final long LOW_BUDGET = 4_000;

  private static final long MEDIUM_BUDGET = 16_000;

  private final ChatProfile profile;
  private final ChatModel model;
  private String thinking = "";
  private String effort = "";
  private long budget = -1;
  private long maxTokens = Long.MAX_VALUE;

  ChatDepth(ChatProfile profile, ChatModel model) {
    this.profile = profile;
    this.model = model;
  }

  void effort(String effort) {
    this.effort = effort;
  }

  void maxTokens(long maxTokens) {
    this.maxTokens = maxTokens;
  }

  /** Reads the field {@code thinking}. */
  void readThinking(JsonCursor at) throws JsonSyntaxException {
    if (at.peek() != JsonCursor.Kind.OBJECT) {
      at.skipValue();
      return;
    }
    at.enterObject();
    while (at.nextField()) {
      if (at.keyIs("type") && at.peek() == JsonCursor.Kind.STRING) {
        at.readString();
        thinking = at.stringValue();
      } else if (at.keyIs("budget_tokens") && at.peek() == JsonCursor.Kind.NUMBER) {
        budget = at.readWhole();
      } else {
        at.skipValue();
      }
    }
  }

  void appendTo(Splices.Section out) {
    boolean off = thinking.equals("disabled");
    boolean on = !off && !thinking.isEmpty();
    switch (profile.depth()) {
      case EFFORT -> effortTo(out, off);
      case GEMINI_EFFORT -> geminiTo(out, on);
      case REASONING_OBJECT -> reasoningTo(out, off, on);
      case THINKING_TYPE -> {
        if (on || off) {
          out.glue(on ? THINKING_ON : THINKING_OFF);
        }
      }
      case ENABLE_THINKING -> {
        if (on || off) {
          out.glue(on ? ENABLE : DISABLE);
        }
      }
      case NONE -> {}
    }
  }

  private void effortTo(Splices.Section out, boolean off) {
    if (!model.has(Trait.REASONS)) {
      return;
    }
    if (off) {
      if (model.has(Trait.KNOWS_NONE)) {
        out.glue(REASONING_EFFORT).string("none");
      }
    } else if (!thinking.isEmpty() || !effort.isEmpty()) {
      out.glue(REASONING_EFFORT).string(effort(model.has(Trait.KNOWS_EXTRA_HIGH)));
    }
  }

  private void geminiTo(Splices.Section out, boolean on) {
    if (model.has(Trait.GEMINI_THINKS) && (on || !effort.isEmpty())) {
      out.glue(REASONING_EFFORT).string(effort(false));
    }
  }

  private void reasoningTo(Splices.Section out, boolean off, boolean on) {
    if (off) {
      out.glue(REASONING_OFF);
    } else if (on && budget > 0 && budget < maxTokens) {
      out.glue(REASONING_MAX_TOKENS).glue(ascii(Long.toString(budget))).glue('}');
    } else if (on) {
      out.glue(REASONING_EFFORT_OBJECT).string(effort(true)).glue('}');
    }
  }

  /** The effort asked for, or the one that the budget stands for. */
  private String effort(boolean knowsExtraHigh) {
    return switch (effort) {
      case "low", "medium", "high" -> effort;
      case "xhigh", "max" -> knowsExtraHigh ? "xhigh" : "high";
      default -> {
        if (budget < 0) {
          yield "medium";
        }
        yield budget < LOW_BUDGET ? "low" : budget < MEDIUM_BUDGET ? "medium" : "high";
      }
    };
  }
}
