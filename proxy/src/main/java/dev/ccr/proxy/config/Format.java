package dev.ccr.proxy.config;

import dev.ccr.proxy.model.Profile;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The formats of upstreams, as far as configurations name them. */
enum Format {
  CHAT("OpenAI's chat completions"),
  CLAUDE("the Claude API"),
  RESPONSES("OpenAI's Responses API"),
  GEMINI("Gemini's generateContent"),
  VERTEX("Vertex AI");

  private final String title;

  Format(String title) {
    this.title = title;
  }

  /** What messages call it. */
  String title() {
    return title;
  }

  /** Whether an upstream of this format can be spoken to. */
  boolean isSpoken() {
    return this == CHAT || this == CLAUDE;
  }

  /** The format that the path of a URL tells, or {@code null}. */
  static @Nullable Format of(URI url) {
    String path = url.getPath() == null ? "" : url.getPath().toLowerCase(Locale.ROOT);
    if (path.endsWith("/chat/completions")) {
      return CHAT;
    }
    if (path.endsWith("/messages")) {
      return CLAUDE;
    }
    if (path.endsWith("/responses")) {
      return RESPONSES;
    }
    return path.matches(".*/v1(alpha|beta)?/models(/.*)?|.*:(stream)?generatecontent|/v1beta/?")
        ? GEMINI
        : null;
  }

  /** The format that a profile implies. */
  static Format of(Profile profile) {
    return profile.speaksClaude() ? CLAUDE : CHAT;
  }
}
