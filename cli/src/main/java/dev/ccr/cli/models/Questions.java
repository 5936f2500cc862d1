package dev.ccr.cli.models;

import dev.ccr.cli.terminal.Prompter;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.Scenario;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What {@code ccr model} asks: which route, and which model. */
final class Questions {

  /** What is said for no model at all. */
  private static final String NONE = "none";

  private final Config config;
  private final Prompter prompter;
  private final PrintWriter out;
  private final List<KnownModel> models;

  Questions(Config config, Prompter prompter, PrintWriter out) {
    this.config = config;
    this.prompter = prompter;
    this.out = out;
    models = new ArrayList<>(KnownModel.all(config));
  }

  /** What the configuration says for what a person says. */
  static String target(String said) {
    return said.equalsIgnoreCase(NONE) ? "" : said.strip();
  }

  /** Shows the routes, and asks for one of them. */
  Scenario route() throws IOException {
    Scenario[] routes = Scenario.values();
    for (int i = 0; i < routes.length; i++) {
      out.printf("%3d  %-12s %s%n", i + 1, routes[i].key(), current(routes[i]));
    }
    String all = "a number, 1 to " + routes.length + ", or a name";
    String answer =
        prompter.ask(
            "Which route",
            "1",
            said -> index(said) < 0 ? said + " (expected: " + all + ")" : "");
    return routes[index(answer)];
  }

  private static int index(String said) {
    Scenario[] routes = Scenario.values();
    for (int i = 0; i < routes.length; i++) {
      if (said.equals(String.valueOf(i + 1)) || said.equalsIgnoreCase(routes[i].key())) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Shows the models, and asks for one of them or for another.
   *
   * @param problem says what is wrong with a model as the configuration would say it, or nothing
   */
  String model(Scenario route, Function<String, String> problem) throws IOException {
    for (int i = 0; i < models.size(); i++) {
      KnownModel model = models.get(i);
      out.println(
          String.format("%3d  %s  %s", i + 1, model.ref(), model.uses()).stripTrailing());
    }
    String answer =
        prompter.ask(
            "Model for " + route.key() + ", a number, provider,model or " + NONE,
            current(route),
            said -> {
              if (said.matches("\\d*") && numbered(said).equals(said)) {
                return said + " (expected: a number of the list, provider,model or none)";
              }
              return problem.apply(target(numbered(said)));
            });
    return numbered(answer);
  }

  /** The model of a number in the list; anything else as it is. */
  private String numbered(String said) {
    for (int i = 0; i < models.size(); i++) {
      if (said.equals(String.valueOf(i + 1))) {
        return models.get(i).ref().toString();
      }
    }
    return said;
  }

  private String current(Scenario route) {
    ModelRef target = config.routes().target(route);
    return target == null ? NONE : target.toString();
  }
}
