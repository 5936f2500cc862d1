package dev.ccr.proxy.model;

/** Why the model stopped: the values of {@code stop_reason}. */
public enum StopReason {
  END_TURN("end_turn"),
  MAX_TOKENS("max_tokens"),
  STOP_SEQUENCE("stop_sequence"),
  TOOL_USE("tool_use"),
  PAUSE_TURN("pause_turn"),
  REFUSAL("refusal"),
  CONTEXT_WINDOW_EXCEEDED("model_context_window_exceeded");

  private final String wireName;

  StopReason(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }
}
