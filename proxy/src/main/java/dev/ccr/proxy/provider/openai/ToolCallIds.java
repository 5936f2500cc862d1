package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.claude.ForeignIds;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.provider.openai.ChatModel.Trait;
import dev.ccr.proxy.provider.openai.ChatProfile.ToolIds;
import java.math.BigInteger;
import java.util.Locale;

/**
 * Tool call ids that the upstream takes. Those that an upstream gave, and that had to be said in
 * other letters for the client, are its own again. One id is always mapped to the same: the calls of a
 * conversation and their results stay together, whichever router says them.
 */
final class ToolCallIds {

  private static final int UP_TO = 40;
  private static final int NINE = 9;
  private static final int RADIX = 36;

  /** What 256 bits have in that radix. */
  private static final int DIGITS = 50;

  private static final String PREFIX = "call_";

  private final ToolIds rule;

  /** Whether the model reads its own ids; to others the client's spelling is as good. */
  private final boolean unpacks;

  ToolCallIds(ToolIds rule, ChatModel model) {
    this.rule = rule;
    unpacks = model.has(Trait.NUMBERS_CALLS);
  }

  /** Appends the upstream's form of an id, with quotes. */
  void append(String id, Splices.Section out) {
    out.string(toUpstream(id));
  }

  String toUpstream(String clientId) {
    String id = unpacks ? ForeignIds.unpack(clientId) : clientId;
    return switch (rule) {
      case ANY -> id;
      case UP_TO_40 -> id.length() <= UP_TO ? id : (PREFIX + digits(id)).substring(0, UP_TO);
      case NINE_ALPHANUMERIC -> isNine(id) ? id : digits(id).substring(0, NINE);
    };
  }

  private static boolean isNine(String id) {
    return id.length() == NINE && id.chars().allMatch(c -> c < 0x80 && Character.isLetterOrDigit(c));
  }

  /** Fifty letters and digits from a hash of the whole id. */
  private static String digits(String id) {
    String digits = new BigInteger(1, ToolNames.hash(id)).toString(RADIX).toLowerCase(Locale.ROOT);
    return "0".repeat(Math.max(0, DIGITS - digits.length())) + digits;
  }
}
