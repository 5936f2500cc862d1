package dev.ccr.proxy.route;

import dev.ccr.proxy.model.RequestTraits;
import dev.ccr.proxy.model.Routes;
import dev.ccr.proxy.model.Scenario;
import dev.ccr.proxy.route.Tokens.Answer;
import java.util.Locale;

/** What makes a request one of the scenarios, in the order in which they are tried. */
enum ScenarioRule {
  IMAGE(Scenario.IMAGE) {
    @Override
    Answer check(Request request, Routes routes) {
      boolean image = request.facts().traits().image();
      return said(request, image, image ? "the last turn shows an image" : "no image in the last turn");
    }
  },

  LONG_CONTEXT(Scenario.LONG_CONTEXT) {
    @Override
    Answer check(Request request, Routes routes) {
      Answer longer = request.tokens().moreThan(routes.longContextThreshold());
      String than = "more than " + routes.longContextThreshold() + " tokens";
      return request.noted(
          scenario().key(), longer, longer == Answer.YES ? than : "not " + than);
    }
  },

  BACKGROUND(Scenario.BACKGROUND) {
    @Override
    Answer check(Request request, Routes routes) {
      String model = String.valueOf(request.facts().model());
      boolean haiku = model.toLowerCase(Locale.ROOT).contains(SMALL_FAMILY);
      return said(request, haiku, "model \"" + model + (haiku ? "\" is" : "\" is no") + " haiku");
    }
  },

  WEB_SEARCH(Scenario.WEB_SEARCH) {
    @Override
    Answer check(Request request, Routes routes) {
      boolean search = request.facts().traits().webSearch();
      return said(request, search, search ? "it brings a web search tool" : "no web search tool");
    }
  },

  THINK(Scenario.THINK) {
    @Override
    Answer check(Request request, Routes routes) {
      RequestTraits traits = request.facts().traits();
      boolean think =
          switch (traits.thinking()) {
            case "enabled" -> traits.thinkingBudget();
            case "adaptive" -> routes.thinkEfforts().contains(traits.effort());
            default -> false;
          };
      return said(
          request,
          think,
          "thinking \"" + traits.thinking() + "\""
              + (traits.thinkingBudget() ? " with a budget" : "")
              + ", effort \"" + traits.effort() + "\"");
    }
  };

  /** Claude Code asks its small questions of models of this family, whatever their number. */
  private static final String SMALL_FAMILY = "haiku";

  private final Scenario scenario;

  ScenarioRule(Scenario scenario) {
    this.scenario = scenario;
  }

  Scenario scenario() {
    return scenario;
  }

  /** Whether the request is of the scenario. */
  abstract Answer check(Request request, Routes routes);

  Answer said(Request request, boolean met, String why) {
    return request.noted(scenario.key(), met ? Answer.YES : Answer.NO, why);
  }
}
