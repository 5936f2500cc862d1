package dev.ccr.proxy.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for, as far as routes depend on it.
 *
 * @param webSearch whether it brings the web search tool that runs at Anthropic
 * @param image whether a user's message behind the last assistant's shows an image
 * @param thinking the type of {@code thinking}, or empty
 * @param thinkingBudget whether that has a budget of tokens
 * @param effort the effort asked for, or empty
 * @param tag the first model tag, or {@code null}
 * @param tools the names of its tools, if they were asked for
 */
public record RequestTraits(
    boolean webSearch,
    boolean image,
    String thinking,
    boolean thinkingBudget,
    String effort,
    @Nullable ModelTag tag,
    List<String> tools) {

  /** Nothing out of the ordinary. */
  public static final RequestTraits NONE =
      new RequestTraits(false, false, "", false, "", null, List.of());

  public RequestTraits {
    tools = List.copyOf(tools);
  }
}
