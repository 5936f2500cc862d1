package dev.ccr.cli.models;

import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ProviderConfig;
import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.Provider;
import dev.ccr.proxy.model.RouteRule;
import dev.ccr.proxy.model.Scenario;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model that the configuration names.
 *
 * @param listed whether its provider lists it; if not, only a route or a rule names it
 * @param routes the scenarios that lead to it, by their keys
 * @param rules the configuration's own rules that lead to it, by their names
 */
record KnownModel(ModelRef ref, boolean listed, List<String> routes, List<String> rules) {

  /** All of them, those that may be used: provider by provider, in the order of the file. */
  static Collection<KnownModel> all(Config config) {
    Map<ModelRef, KnownModel> models = new LinkedHashMap<>();
    for (ProviderConfig each : config.providers()) {
      Provider provider = each.provider();
      provider.models().stream()
          .filter(provider::allows)
          .forEach(model -> add(new ModelRef(provider.name(), model), true, models));
      for (Scenario scenario : Scenario.values()) {
        ModelRef target = config.routes().target(scenario);
        if (target != null && target.provider().equalsIgnoreCase(provider.name())) {
          add(new ModelRef(provider.name(), target.model()), false, models)
              .routes()
              .add(scenario.key());
        }
      }
      for (RouteRule rule : config.routes().rules()) {
        if (rule.target().provider().equalsIgnoreCase(provider.name())) {
          add(new ModelRef(provider.name(), rule.target().model()), false, models)
              .rules()
              .add(rule.name());
        }
      }
    }
    return models.values();
  }

  private static KnownModel add(
      ModelRef ref, boolean listed, Map<ModelRef, KnownModel> models) {
    return models.computeIfAbsent(
        ref, each -> new KnownModel(each, listed, new ArrayList<>(), new ArrayList<>()));
  }

  /** What leads to it, as a person reads it; may be empty. */
  String uses() {
    List<String> uses = new ArrayList<>(routes);
    rules.forEach(rule -> uses.add("rule " + rule));
    return String.join(", ", uses);
  }
}
