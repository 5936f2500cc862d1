package dev.ccr.proxy.server;

import dev.ccr.proxy.json.JsonEscape;
import dev.ccr.proxy.json.JsonOut;
import dev.ccr.proxy.model.Client;
import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.Provider;
import dev.ccr.proxy.model.RequestException;
import dev.ccr.proxy.route.Router;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The models that the configuration lists, as the Claude API lists its own. An id is what a request
 * may ask for: {@code provider,model}, or an alias of that for clients that show only models whose
 * names have claude in them. Immutable.
 */
final class ModelList {

  /**
   * The Claude API says so of models whose age it does not know.
   *
   * @see <a href="https://docs.claude.com/en/api/models-list">List models, created_at</a>
   */
  private static final String CREATED = "1970-01-01T00:00:00Z";

  /** @param ref what the id stands for */
  private record Model(String id, String displayName, ModelRef ref) {}

  /**
   * Which part of the list is asked for.
   *
   * @param limit the most models, 1 to 1,000
   * @param afterId what comes behind this id; empty for the beginning
   * @param beforeId what comes before this id; empty for no bound
   */
  record Page(int limit, String afterId, String beforeId) {

    private static final int DEFAULT = 20;
    private static final int MOST = 1000;

    static Page of(Map<String, List<String>> query) throws RequestException {
      String limit = first(query, "limit");
      int most = limit.isEmpty() ? DEFAULT : number(limit);
      if (most < 1 || most > MOST) {
        throw RequestException.invalid(
            "limit: " + HeaderText.of(limit) + " (expected: a number, 1 to " + MOST + ")");
      }
      return new Page(most, first(query, "after_id"), first(query, "before_id"));
    }

    private static int number(String text) {
      return text.matches("\\d{1,6}") ? Integer.parseInt(text) : 0;
    }

    private static String first(Map<String, List<String>> query, String name) {
      return query.getOrDefault(name, List.of("")).getFirst();
    }
  }

  private final List<Model> models = new ArrayList<>();

  ModelList(List<Provider> providers) {
    for (Provider provider : providers) {
      for (String model : provider.models().stream().filter(provider::allows).toList()) {
        String id = provider.name() + "," + model;
        String name = model + " (" + provider.name() + ")";
        ModelRef ref = new ModelRef(provider.name(), model);
        models.add(new Model(id, name, ref));
        if (!isShown(id)) {
          models.add(new Model(Router.ALIAS + id, name, ref));
        }
      }
    }
  }

  private ModelList(ModelList all, Client client) {
    all.models.stream()
        .filter(model -> client.allows(model.ref().provider(), model.ref().model()))
        .forEach(models::add);
  }

  /**
   * What of the list a client may use.
   *
   * @param client {@code null} if anybody may use all
   */
  ModelList of(@Nullable Client client) {
    return client == null || client.models().isEmpty() ? this : new ModelList(this, client);
  }

  /** Claude Code shows gateway models of these names only; old versions, if they begin so. */
  private static boolean isShown(String id) {
    String lower = id.toLowerCase(Locale.ROOT);
    return lower.contains("claude") || lower.contains("anthropic");
  }

  /** Writes a part of the list. An id that is not listed bounds nothing. */
  void writePage(Page page, ByteBuf out) {
    int from = indexOf(page.afterId()) + 1;
    int bound = indexOf(page.beforeId());
    int to = bound < 0 ? models.size() : bound;
    // What stands right before the bound is the page, if that is what is asked for.
    int start = bound < 0 ? from : Math.max(from, to - page.limit());
    int end = Math.max(start, Math.min(to, start + page.limit()));
    List<Model> shown = models.subList(Math.min(start, end), end);
    JsonEscape escape = JsonEscape.ofThisThread();
    ByteBufUtil.writeAscii(out, "{\"data\":[");
    for (int i = 0; i < shown.size(); i++) {
      if (i > 0) {
        out.writeByte(',');
      }
      write(shown.get(i), escape, out);
    }
    boolean more = bound < 0 ? end < models.size() : start > from;
    ByteBufUtil.writeAscii(out, "],\"has_more\":" + more + ",\"first_id\":");
    id(shown.isEmpty() ? "" : shown.getFirst().id(), escape, out);
    ByteBufUtil.writeAscii(out, ",\"last_id\":");
    id(shown.isEmpty() ? "" : shown.getLast().id(), escape, out);
    out.writeByte('}');
  }

  /** Writes one model; {@code false} if none has that id. */
  boolean writeModel(String id, ByteBuf out) {
    int index = indexOf(id);
    if (index >= 0) {
      write(models.get(index), JsonEscape.ofThisThread(), out);
    }
    return index >= 0;
  }

  private int indexOf(String id) {
    for (int i = 0; i < models.size(); i++) {
      if (models.get(i).id().equals(id)) {
        return i;
      }
    }
    return -1;
  }

  private static void write(Model model, JsonEscape escape, ByteBuf out) {
    ByteBufUtil.writeAscii(out, "{\"type\":\"model\",\"id\":");
    JsonOut.string(model.id(), escape, out);
    ByteBufUtil.writeAscii(out, ",\"display_name\":");
    JsonOut.string(model.displayName(), escape, out);
    ByteBufUtil.writeAscii(out, ",\"created_at\":\"" + CREATED + "\"}");
  }

  private static void id(String id, JsonEscape escape, ByteBuf out) {
    if (id.isEmpty()) {
      ByteBufUtil.writeAscii(out, "null");
    } else {
      JsonOut.string(id, escape, out);
    }
  }
}
