package dev.ccr.proxy.provider.anthropic;

import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.provider.ProviderCodec;
import dev.ccr.proxy.provider.Translation;

/** The Claude API itself: only the model's name is changed, every other byte is the client's. */
public final class AnthropicCodec implements ProviderCodec {

  @Override
  public KeyHeader keyHeader() {
    return KeyHeader.X_API_KEY;
  }

  @Override
  public boolean speaksClaude() {
    return true;
  }

  @Override
  public Translation open(RequestFacts facts, String model, long maxOutputTokens) {
    return new PassThrough(facts, model);
  }
}
