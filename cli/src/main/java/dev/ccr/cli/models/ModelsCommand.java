package dev.ccr.cli.models;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.ccr.cli.terminal.Help;
import dev.ccr.cli.terminal.Problems;
import dev.ccr.proxy.config.Config;
import dev.ccr.proxy.config.ConfigException;
import dev.ccr.proxy.config.ConfigReader;
import dev.ccr.proxy.config.ProviderConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code ccr models}: the models that the configuration names, and what each is used for. */
public final class ModelsCommand implements Callable<Integer> {

  private static final String AS_JSON = "--json";
  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, String> env;
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  private ModelsCommand(Map<String, String> env) {
    this.env = env;
  }

  /** The command's specification. */
  public static CommandSpec spec(Map<String, String> env) {
    CommandSpec spec = new ModelsCommand(env).spec;
    spec.name("models");
    Help.addTo(spec);
    spec.usageMessage()
        .description(
            "Lists the models that the configuration names, as provider,model, and which route or"
                + " rule leads to each. Nobody is asked.");
    spec.addOption(OptionSpec.builder(AS_JSON).description("Print them as JSON.").build());
    return spec;
  }

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try {
      Path file = ConfigReader.defaultPath(env);
      try {
        Config config = ConfigReader.read(file, env);
        Collection<KnownModel> models = KnownModel.all(config);
        if (spec.commandLine().getParseResult().hasMatchedOption(AS_JSON)) {
          spec.commandLine().getOut().println(json(models));
        } else {
          print(config, models);
        }
        return ExitCode.OK;
      } catch (ConfigException e) {
        return Problems.print(e, file, "it tells of models", err);
      }
    } catch (ConfigException e) { // the path itself
      return Problems.print(e, err);
    }
  }

  private void print(Config config, Collection<KnownModel> models) {
    PrintWriter out = spec.commandLine().getOut();
    int width =
        models.stream()
            .map(model -> model.ref().toString().length())
            .max(Comparator.naturalOrder())
            .orElse(0);
    for (KnownModel model : models) {
      String ref = model.ref().toString();
      String line = ref + " ".repeat(width - ref.length()) + "  " + model.uses();
      out.println(line.stripTrailing());
    }
    for (ProviderConfig each : config.providers()) {
      String name = each.provider().name();
      if (models.stream().noneMatch(model -> model.ref().provider().equals(name))) {
        out.println(name + ": no models listed; provider,model reaches any of them");
      }
    }
    out.flush();
  }

  private static String json(Collection<KnownModel> models) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.writeStartObject();
      out.writeArrayFieldStart("models");
      for (KnownModel model : models) {
        out.writeStartObject();
        out.writeStringField("id", model.ref().toString());
        out.writeStringField("provider", model.ref().provider());
        out.writeStringField("model", model.ref().model());
        out.writeBooleanField("listed", model.listed());
        strings("routes", model.routes(), out);
        strings("rules", model.rules(), out);
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeEndObject();
    } catch (IOException e) {
      throw new AssertionError("writing to memory cannot fail", e);
    }
    return text.toString();
  }

  private static void strings(String name, List<String> values, JsonGenerator out)
      throws IOException {
    out.writeFieldName(name);
    out.writeArray(values.toArray(String[]::new), 0, values.size());
  }
}
