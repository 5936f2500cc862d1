package dev.ccr.proxy.config;

import dev.ccr.proxy.model.Glob;
import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.RouteRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code Router.rules}. */
final class RulesReader {
  private static final String RULES = "rules";
  private static final String TOKENS = "a number of tokens";

  /** The shorthands for headers that the client sends with every request of an agent. */
  private static final Map<String, String> SHORTHANDS =
      Map.of(
          "agentId", "x-claude-code-agent-id",
          "sessionId", "x-claude-code-session-id");

  /** A condition on these would be a key in the file, and in the log. */
  private static final Set<String> SECRETS =
      Set.of("authorization", "x-api-key", "cookie", "proxy-authorization");

  private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9a-z-]+");

  /** What a header can carry, since the name goes into one. */
  private static final Pattern RULE_NAME = Pattern.compile("[!-~]([ -~]*[!-~])?");

  private final TargetReader targets;
  private final ConfigProblems problems;

  RulesReader(TargetReader targets, ConfigProblems problems) {
    this.targets = targets;
    this.problems = problems;
  }

  List<RouteRule> read(Section router) {
    List<RouteRule> rules = new ArrayList<>();
    Node.Array array = router.array(RULES, "an array of objects");
    List<Node> items = array == null ? List.of() : array.items();
    for (int i = 0; i < items.size(); i++) {
      String path = router.path(RULES) + "[" + i + "]";
      if (items.get(i) instanceof Node.Obj object) {
        RouteRule rule =
            rule(new Section(path, object, KnownKeys.RULE, problems), path, RULES + "[" + i + "]");
        if (rule != null) {
          rules.add(rule);
        }
      } else {
        problems.problem(items.get(i).line(), path, items.get(i).kind(), "an object");
      }
    }
    return rules;
  }

  private @Nullable RouteRule rule(Section section, String path, String otherwise) {
    String name = name(section, otherwise);
    Glob model = glob(section, "model");
    Glob tool = glob(section, "tool");
    Map<String, Glob> headers = headers(section);
    Long min = section.count("minTokens", TOKENS);
    Long max = section.count("maxTokens", TOKENS);
    Node maxNode = section.get("maxTokens");
    if (min != null && max != null && maxNode != null && min > max) {
      section.wrong("maxTokens", maxNode, "no less than minTokens, " + min);
    }
    Node to = section.get("to");
    if (to == null) {
      section.missing("to", "provider,model");
      return null;
    }
    if (hasNoCondition(section)) {
      problems.warning(
          section.line(), path + ": no condition: all requests that get this far go there");
    }
    ModelRef target = targets.read(to, section.path("to"));
    if (target == null) {
      return null;
    }
    return new RouteRule(
        name,
        target,
        headers,
        model,
        tool,
        min == null ? 0 : min,
        max == null ? Long.MAX_VALUE : max);
  }

  private static boolean hasNoCondition(Section section) {
    return List.of("model", "tool", "header", "agentId", "sessionId", "minTokens", "maxTokens")
        .stream()
        .allMatch(key -> section.get(key) == null);
  }

  private static String name(Section section, String otherwise) {
    Node.Text text = section.text("name");
    if (text == null) {
      return otherwise;
    }
    String name = text.value().strip();
    if (!RULE_NAME.matcher(name).matches()) {
      section.wrong("name", text, "a name in printable ASCII");
    }
    return name;
  }

  private static Glob glob(Section section, String key) {
    Node.Text text = section.text(key);
    if (text != null && text.value().isBlank()) {
      section.wrong(key, text, "a pattern, in which * stands for anything");
    }
    return text == null ? Glob.ANY : new Glob(text.value().strip());
  }

  private Map<String, Glob> headers(Section section) {
    Map<String, Glob> headers = new HashMap<>();
    Node.Obj object = section.object("header");
    for (Node.Member member : object == null ? List.<Node.Member>of() : object.members()) {
      String name = member.key().strip().toLowerCase(Locale.ROOT);
      String path = section.path("header") + "." + ConfigProblems.printable(member.key());
      if (!HEADER_NAME.matcher(name).matches()) {
        problems.problem(member.line(), path, "no header's name", "a header's name");
      } else if (SECRETS.contains(name)) {
        problems.problem(member.line(), path, "***", "a header that holds no key");
      } else if (member.value() instanceof Node.Text text) {
        add(headers, name, text, path);
      } else {
        problems.problem(member.line(), path, member.value().shown(), "a string");
      }
    }
    SHORTHANDS.forEach(
        (key, header) -> {
          Node.Text text = section.text(key);
          if (text != null) {
            add(headers, header, text, section.path(key));
          }
        });
    return headers;
  }

  private void add(Map<String, Glob> headers, String name, Node.Text value, String path) {
    if (headers.put(name, new Glob(value.value().strip())) != null) {
      problems.problem(value.line(), path, value.shown(), "one condition for " + name);
    }
  }
}
