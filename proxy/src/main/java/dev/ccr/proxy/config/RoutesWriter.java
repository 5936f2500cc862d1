package dev.ccr.proxy.config;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.ccr.proxy.model.Glob;
import dev.ccr.proxy.model.ModelRef;
import dev.ccr.proxy.model.RouteRule;
import dev.ccr.proxy.model.Routes;
import dev.ccr.proxy.model.Scenario;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** Says routes in the documented JSON. Any thread may use it. */
final class RoutesWriter {

  private RoutesWriter() {}

  /** Writes {@code Router} with all that is in it. */
  static void write(Routes routes, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("Router");
    for (Scenario scenario : Scenario.values()) {
      ModelRef target = routes.target(scenario);
      if (target != null) {
        out.writeStringField(scenario.key(), target.toString());
      }
    }
    if (routes.longContextThreshold() != Routes.LONG_CONTEXT_THRESHOLD) {
      out.writeNumberField("longContextThreshold", routes.longContextThreshold());
    }
    if (!routes.thinkEfforts().equals(Routes.THINK_EFFORTS)) {
      strings("thinkEfforts", routes.thinkEfforts().stream().sorted().toList(), out);
    }
    if (!routes.rules().isEmpty()) {
      out.writeArrayFieldStart("rules");
      for (RouteRule rule : routes.rules()) {
        write(rule, out);
      }
      out.writeEndArray();
    }
    if (!routes.fallback().isEmpty()) {
      out.writeObjectFieldStart("fallback");
      for (Scenario scenario : Scenario.values()) {
        List<ModelRef> chain = routes.fallback().get(scenario);
        if (chain != null) {
          strings(scenario.key(), chain.stream().map(ModelRef::toString).toList(), out);
        }
      }
      out.writeEndObject();
    }
    out.writeEndObject();
  }

  static void strings(String key, Collection<String> values, JsonGenerator out)
      throws IOException {
    out.writeArrayFieldStart(key);
    for (String value : values) {
      out.writeString(value);
    }
    out.writeEndArray();
  }

  private static void write(RouteRule rule, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", rule.name());
    pattern("model", rule.model(), out);
    pattern("tool", rule.tool(), out);
    if (!rule.headers().isEmpty()) {
      out.writeObjectFieldStart("header");
      for (String name : rule.headers().keySet().stream().sorted().toList()) {
        out.writeStringField(name, rule.headers().getOrDefault(name, Glob.ANY).pattern());
      }
      out.writeEndObject();
    }
    if (rule.minTokens() > 0) {
      out.writeNumberField("minTokens", rule.minTokens());
    }
    if (rule.maxTokens() < Long.MAX_VALUE) {
      out.writeNumberField("maxTokens", rule.maxTokens());
    }
    out.writeStringField("to", rule.target().toString());
    out.writeEndObject();
  }

  private static void pattern(String key, Glob pattern, JsonGenerator out) throws IOException {
    if (!pattern.equals(Glob.ANY)) {
      out.writeStringField(key, pattern.pattern());
    }
  }
}
