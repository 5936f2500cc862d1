package dev.ccr.proxy.testing;

/** Events and requests as chat upstreams and Claude clients send them. */
public final class Chat {

  public static final String DONE = "data: [DONE]\n\n";
  public static final String STOP =
      "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

  private Chat() {}

  /** An event with a piece of text. */
  public static String text(String text) {
    return "data: {\"id\":\"chatcmpl-1b4f\",\"object\":\"chat.completion.chunk\",\"created\":1,"
        + "\"model\":\"gpt-4o-2024-08-06\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
        + text + "\"},\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n";
  }

  /** A Claude request for a model. */
  public static String request(String model, boolean stream) {
    return "{\"model\":\"" + model + "\",\"max_tokens\":100,\"stream\":" + stream
        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
  }
}
