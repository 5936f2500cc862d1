package dev.ccr.proxy.catalog;

import dev.ccr.proxy.model.Profile;
import dev.ccr.proxy.provider.ProviderCodec;
import dev.ccr.proxy.provider.anthropic.AnthropicCodec;
import dev.ccr.proxy.provider.openai.OpenAiCodec;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/** The dialects that can be spoken to an upstream: the only importer of every provider. */
public enum Dialect {
  OPENAI(
      profile ->
          new OpenAiCodec(
              ChatProfiles.of(profile), () -> ThreadLocalRandom.current().nextLong())),
  ANTHROPIC(profile -> new AnthropicCodec());

  @SuppressWarnings("ImmutableEnumChecker") // the factories capture nothing
  private final Function<Profile, ProviderCodec> factory;

  Dialect(Function<Profile, ProviderCodec> factory) {
    this.factory = factory;
  }

  /** The dialect that an upstream understands. */
  public static Dialect of(Profile profile) {
    return profile.speaksClaude() ? ANTHROPIC : OPENAI;
  }

  /** The folder of the dialect's package and of its fixtures. */
  public String folder() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A new codec for an upstream; one serves all threads. */
  public static ProviderCodec codec(Profile profile) {
    return of(profile).factory.apply(profile);
  }
}
