package dev.ccr.proxy.config;

import dev.ccr.proxy.model.Profile;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * How an upstream is spoken to.
 *
 * @param format what it speaks; maybe one that is not spoken here
 * @param profile its accent; of no meaning if the format is not spoken
 * @param url where requests go; another than the configured one if {@code moved}
 * @param moved whether the configured URL is that of a format that is not spoken, and its host has
 *     another one for a format that is
 */
record Accent(Format format, Profile profile, URI url, boolean moved) {
  private static final String GOOGLE = "generativelanguage.googleapis.com";
  private static final String GOOGLE_CHAT = "/openai";

  /**
   * Decides by what is told, in this order: the end of the URL's path, the mapping of its host, the
   * provider's own hint, its host, its name.
   *
   * @param explicit the profile that the configuration demands
   * @param mapping what {@code domain_mappings} says of the host
   * @param hint what the provider's protocol or transformer says
   */
  static Accent of(
      String name,
      URI url,
      @Nullable Profile explicit,
      @Nullable Hint mapping,
      @Nullable Hint hint) {
    Format path = Format.of(url);
    Profile known = Profile.of(name, url);
    Format format;
    if (path != null && (explicit == null || !path.isSpoken())) {
      format = path;
    } else if (explicit != null) {
      format = Format.of(explicit);
    } else if (mapping != null) {
      format = mapping.format();
    } else {
      format = hint == null ? Format.of(known) : hint.format();
    }
    if (format == Format.GEMINI && GOOGLE.equalsIgnoreCase(url.getHost())) {
      boolean moved = path != Format.CHAT && !url.getPath().contains(GOOGLE_CHAT);
      return new Accent(
          Format.CHAT, Profile.GEMINI, moved ? Defaults.GEMINI_URL : url, moved);
    }
    Profile profile = explicit;
    if (profile == null) {
      profile = format == Format.CLAUDE ? Profile.ANTHROPIC : chat(url, known, mapping, hint);
    }
    return new Accent(format, profile, url, false);
  }

  private static Profile chat(
      URI url, Profile known, @Nullable Hint mapping, @Nullable Hint hint) {
    for (Profile candidate :
        new @Nullable Profile[] {told(mapping), Profile.of("", url), told(hint), known}) {
      if (candidate != null && candidate != Profile.PLAIN && !candidate.speaksClaude()) {
        return candidate;
      }
    }
    return Profile.PLAIN;
  }

  private static @Nullable Profile told(@Nullable Hint hint) {
    return hint == null ? null : hint.profile();
  }
}
