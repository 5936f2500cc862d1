package dev.ccr.proxy.catalog;

import dev.ccr.proxy.model.Provider;
import dev.ccr.proxy.provider.ProviderCodec;
import dev.ccr.proxy.provider.anthropic.AnthropicCodec;
import java.util.Locale;
import java.util.function.Supplier;

/** The dialects that can be spoken to an upstream, and whom they are for. */
public enum Dialect {
  OPENAI(Profile.PLAIN::codec),
  ANTHROPIC(AnthropicCodec::new);

  @SuppressWarnings("ImmutableEnumChecker") // the factories capture nothing
  private final Supplier<ProviderCodec> factory;

  Dialect(Supplier<ProviderCodec> factory) {
    this.factory = factory;
  }

  /** The folder of the dialect's package and of its fixtures. */
  public String folder() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A new codec; one serves all threads. */
  public ProviderCodec codec() {
    return factory.get();
  }

  /**
   * The dialect of a provider: the Claude API by its host or by the end of its path; everybody else
   * is taken to speak OpenAI's chat completions.
   */
  public static Dialect of(Provider provider) {
    String host = String.valueOf(provider.url().getHost()).toLowerCase(Locale.ROOT);
    String path = String.valueOf(provider.url().getPath());
    boolean anthropic =
        host.equals("anthropic.com")
            || host.endsWith(".anthropic.com")
            || path.endsWith("/messages");
    return anthropic ? ANTHROPIC : OPENAI;
  }
}
