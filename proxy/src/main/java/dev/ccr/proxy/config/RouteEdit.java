package dev.ccr.proxy.config;

import static dev.ccr.proxy.config.ConfigProblems.WHOLE_FILE;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.Scenario;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Changes the model of a scenario in the text of a configuration, and nothing else: comments,
 * order and spelling stay. Any thread may use it.
 */
public final class RouteEdit {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private RouteEdit() {}

  /**
   * The text with another model. It is read again and compared: a text in which this cannot be
   * changed alone is refused.
   *
   * @param file tells by its name whether it is YAML, and messages call it so
   * @param target as the configuration writes it; empty for no model
   * @param env with which the text is read
   * @throws ConfigException if the text cannot be used, before or after, or cannot be changed so
   */
  public static String set(
      Path file, String text, Scenario scenario, String target, Map<String, String> env)
      throws ConfigException {
    String name = String.valueOf(file.getFileName());
    Config before = ConfigReader.parse(name, text, env);
    String bare = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    String quoted =
        '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(target)) + '"';
    TextEdit edit = null;
    try {
      edit =
          ConfigReader.isYaml(name)
              ? new YamlRouteEdit(bare, scenario, quoted).find()
              : new JsonRouteEdit(bare, scenario, quoted).find();
    } catch (IOException | YamlEngineException e) {
      throw new IllegalStateException("it has been read before", e);
    }
    if (edit != null) {
      String changed = text.substring(0, text.length() - bare.length()) + edit.in(bare);
      try {
        Config after = ConfigReader.parse(name, changed, env);
        if (isAsBefore(before, after, scenario, target)) {
          return changed;
        }
      } catch (ConfigException e) {
        if (e.getMessage().contains(ConfigProblems.quoted(target))) {
          throw e; // the model is at fault, and not its place
        }
      }
    }
    ConfigProblems problems = new ConfigProblems(name);
    problems.problem(
        WHOLE_FILE,
        "Router." + scenario.key() + ": cannot be changed without changing more",
        "a file as ccr config migrate writes it");
    throw problems.exception();
  }

  /** Whether two configurations differ in nothing but the model of one scenario. */
  private static boolean isAsBefore(Config before, Config after, Scenario scenario, String target) {
    return Differences.of(before, after).stream()
            .allMatch(part -> part.equals("routes") || ConfigWriter.NOT_WRITTEN.contains(part))
        && Differences.of(before.routes(), after.routes()).stream().allMatch("targets"::equals)
        && others(before, scenario).equals(others(after, scenario))
        && target.isEmpty() == (after.routes().target(scenario) == null);
  }

  private static Map<Scenario, ModelRef> others(Config config, Scenario scenario) {
    Map<Scenario, ModelRef> targets = new HashMap<>(config.routes().targets());
    targets.remove(scenario);
    return targets;
  }
}
