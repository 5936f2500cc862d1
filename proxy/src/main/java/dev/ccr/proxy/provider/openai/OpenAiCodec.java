package dev.ccr.proxy.provider.openai;

import dev.ccr.proxy.claude.MessageIds;
import dev.ccr.proxy.model.RequestFacts;
import dev.ccr.proxy.provider.ProviderCodec;
import dev.ccr.proxy.provider.Translation;
import java.util.random.RandomGenerator;

/**
 * OpenAI's chat completions.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat">Chat completions</a>
 */
public final class OpenAiCodec implements ProviderCodec {

  private final ChatProfile profile;
  private final MessageIds ids;

  /**
   * @param profile the accent of the upstream
   * @param random for ids that the upstream leaves out; must be thread-safe
   */
  public OpenAiCodec(ChatProfile profile, RandomGenerator random) {
    this.profile = profile;
    ids = new MessageIds(random);
  }

  @Override
  public KeyHeader keyHeader() {
    return profile.has(ChatProfile.Quirk.API_KEY_HEADER)
        ? KeyHeader.API_KEY
        : KeyHeader.AUTHORIZATION_BEARER;
  }

  @Override
  public boolean speaksClaude() {
    return false;
  }

  @Override
  public Translation open(RequestFacts facts, String model, long maxOutputTokens) {
    return new ChatTranslation(facts, profile, model, maxOutputTokens, ids);
  }
}
