package dev.ccr.proxy.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.provider.openai.ChatProfile.Depth;
import dev.ccr.proxy.provider.openai.ChatProfile.History;
import dev.ccr.proxy.provider.openai.ChatProfile.Quirk;
import dev.ccr.proxy.provider.openai.ChatProfile.Schemas;
import dev.ccr.proxy.provider.openai.ChatProfile.ToolIds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.Map;

/** Claude requests said to upstreams of several kinds. */
final class ChatRequests {

  private static final long CAP = 10_000;

  /** By the names that the tables use. */
  static final Map<String, ChatProfile> PROFILES =
      Map.of(
          "plain", ChatProfile.plain(),
          "router",
              ChatProfile.plain()
                  .with(Depth.REASONING_OBJECT)
                  .with(History.REASONING_DETAILS)
                  .with(Quirk.CACHE_CONTROL, Quirk.WEB_PLUGIN, Quirk.TOP_K, Quirk.FILE_URLS),
          "deep",
              ChatProfile.plain()
                  .with(Depth.THINKING_TYPE)
                  .with(History.REASONING_CONTENT)
                  .with(Quirk.ALWAYS_REASONING_CONTENT),
          "qwen", ChatProfile.plain().with(Depth.ENABLE_THINKING),
          "top", ChatProfile.plain().with(Schemas.PLAIN_TOP),
          "gemini",
              ChatProfile.plain()
                  .with(Depth.GEMINI_EFFORT)
                  .with(Schemas.OPEN_API)
                  .with(Quirk.THOUGHT_SIGNATURES, Quirk.NO_STOP),
          "turns",
              ChatProfile.plain()
                  .with(Quirk.ALTERNATING, Quirk.TOOLS_WITH_CALLS, Quirk.PREFIX),
          "nine", ChatProfile.plain().with(ToolIds.NINE_ALPHANUMERIC),
          "simple",
              ChatProfile.plain()
                  .with(
                      Quirk.STRINGS_ONLY,
                      Quirk.SYSTEM_FIRST_ONLY,
                      Quirk.NO_STREAM_OPTIONS,
                      Quirk.NO_TOOL_CHOICE,
                      Quirk.NO_PARALLEL_TOOL_CALLS,
                      Quirk.NO_NULL_CONTENT));

  private ChatRequests() {}

  /** What an upstream with such a profile gets of a Claude request. */
  static String encode(ChatProfile profile, String model, String body)
      throws RequestException {
    byte[] bytes = body.getBytes(UTF_8);
    ByteBuf in = ByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
    try {
      Splices splices = new Splices(in);
      RequestFacts facts =
          new RequestFacts(model, -1, -1, body.contains("\"stream\":true"));
      ByteBuf out =
          splices.build(
              ChatRequestEncoder.encode(
                  in, facts, profile, model, CAP, new ToolNames(), splices),
              ByteBufAllocator.DEFAULT);
      try {
        return new String(ByteBufUtil.getBytes(out), UTF_8);
      } finally {
        out.release();
      }
    } finally {
      in.release();
    }
  }

  /** Short forms for an assistant message with one call, on both sides. */
  static String expand(String messages) {
    return messages
        .replaceAll(
            "CALLS\\(([\\w.:]+)\\) ",
            "{`role`:`assistant`,`content`:[{`type`:`tool_use`,`id`:`$1`,`name`:`f`,`input`:{}}]},")
        .replaceAll(
            "CALLED-\\(([\\w.:]+)\\) ",
            "{`role`:`assistant`,`content`:``,`tool_calls`:[{`id`:`$1`,`type`:`function`,"
                + "`function`:{`name`:`f`,`arguments`:`{}`}}]},")
        .replaceAll(
            "CALLED\\(([\\w.:]+)\\) ",
            "{`role`:`assistant`,`content`:null,`tool_calls`:[{`id`:`$1`,`type`:`function`,"
                + "`function`:{`name`:`f`,`arguments`:`{}`}}]},")
        .replace('`', '"');
  }
}
