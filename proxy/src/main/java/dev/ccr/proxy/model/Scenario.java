package dev.ccr.proxy.model;

/** The kinds of request that a configuration may send to models of their own. */
public enum Scenario {
  /** Whatever is nothing else. */
  DEFAULT("default"),
  /** Asks for reasoning. */
  THINK("think"),
  /** Outgrows the usual context window. */
  LONG_CONTEXT("longContext"),
  /** One of the client's small chores. */
  BACKGROUND("background"),
  /** Brings a web search tool. */
  WEB_SEARCH("webSearch"),
  /** Its last turn shows an image. */
  IMAGE("image");

  private final String key;

  Scenario(String key) {
    this.key = key;
  }

  /** The key of {@code Router} that names its model; also the name of the rule in logs. */
  public String key() {
    return key;
  }
}
