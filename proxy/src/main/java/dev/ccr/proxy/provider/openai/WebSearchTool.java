package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.json.JsonOut.ascii;

import dev.ccr.proxy.json.JsonCursor;
import dev.ccr.proxy.json.JsonSyntaxException;
import dev.ccr.proxy.json.Span;
import dev.ccr.proxy.json.Splices;
import dev.ccr.proxy.provider.openai.ChatModel.Trait;
import dev.ccr.proxy.provider.openai.ChatProfile.Quirk;
import java.nio.ByteBuffer;

/**
 * Claude's web search, which runs at Anthropic, as what an upstream has in its place: OpenRouter's
 * plugin, or the options of OpenAI's search models. Elsewhere it is left out.
 *
 * @see <a href="https://openrouter.ai/docs/features/web-search">OpenRouter, web search</a>
 */
final class WebSearchTool {

  /** All its dated types begin so. */
  static final String TYPE = "web_search";

  private static final byte[] PLUGIN = ascii(",\"plugins\":[{\"id\":\"web\"}]");
  private static final byte[] OPTIONS = ascii(",\"web_search_options\":{");
  private static final byte[] LOCATION =
      ascii("\"user_location\":{\"type\":\"approximate\",\"approximate\":{");
  private static final String[] PLACES = {"city", "region", "country", "timezone"};

  private final ChatProfile profile;
  private final ChatModel model;
  private final JsonCursor at = new JsonCursor();
  private final Span location = new Span();
  private boolean wanted;

  WebSearchTool(ByteBuffer body, ChatProfile profile, ChatModel model) {
    this.profile = profile;
    this.model = model;
    at.reset(body, 0, 0);
  }

  /**
   * The client offers a web search.
   *
   * @param userLocation the object of that name, if there is one
   */
  void want(Span userLocation) {
    wanted = true;
    if (userLocation.isPresent()) {
      location.set(userLocation.start(), userLocation.end());
    }
  }

  void appendTo(Splices.Section out) throws JsonSyntaxException {
    if (!wanted) {
      return;
    }
    if (model.has(Trait.SEARCHES)) {
      out.glue(OPTIONS);
      if (location.isPresent()) {
        place(out.glue(LOCATION));
        out.glue('}').glue('}');
      }
      out.glue('}');
    } else if (profile.has(Quirk.WEB_PLUGIN) && !model.has(Trait.ONLINE)) {
      out.glue(PLUGIN); // the suffix of a model that is online is the same plugin
    }
  }

  private void place(Splices.Section out) throws JsonSyntaxException {
    at.reset(location.start(), location.end());
    at.enterObject();
    boolean first = true;
    while (at.nextField()) {
      int keyStart = at.keyStart() - 1;
      boolean known = at.peek() == JsonCursor.Kind.STRING && isPlace();
      at.skipValue();
      if (known) {
        (first ? out : out.glue(',')).range(keyStart, at.valueEnd());
        first = false;
      }
    }
  }

  private boolean isPlace() {
    for (String place : PLACES) {
      if (at.keyIs(place)) {
        return true;
      }
    }
    return false;
  }
}
