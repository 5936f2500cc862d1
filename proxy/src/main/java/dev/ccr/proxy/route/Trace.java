package dev.ccr.proxy.route;

import java.util.ArrayList;
import java.util.List;

/** Why a request goes where it goes, rule by rule. Only who asks for an explanation makes one. */
public final class Trace {

  /**
   * One rule.
   *
   * @param rule its name
   * @param decided whether it decided
   * @param why what was found, in words
   */
  public record Step(String rule, boolean decided, String why) {}

  private final List<Step> steps = new ArrayList<>();

  void add(String rule, boolean decided, String why) {
    steps.add(new Step(rule, decided, why));
  }

  /** In the order in which the rules were tried. */
  public List<Step> steps() {
    return List.copyOf(steps);
  }
}
