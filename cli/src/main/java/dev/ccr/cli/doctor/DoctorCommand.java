package dev.ccr.cli.doctor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.ccr.cli.code.ClaudeEnvironment;
import dev.ccr.cli.terminal.Help;
import dev.ccr.cli.terminal.RouterUrl;
import dev.ccr.cli.terminal.Style;
import dev.ccr.proxy.config.Config;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLSocketFactory;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code ccr doctor}: looks at all that has to be right, and says what is not. */
public final class DoctorCommand implements Callable<Integer> {

  private static final String AS_JSON = "--json";
  private static final JsonFactory JSON = new JsonFactory();
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Map<String, String> env;
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  private DoctorCommand(Map<String, String> env) {
    this.env = env;
  }

  /** The command's specification. */
  public static CommandSpec spec(Map<String, String> env) {
    CommandSpec spec = new DoctorCommand(env).spec;
    spec.name("doctor");
    Help.addTo(spec);
    spec.usageMessage()
        .description(
            "Looks at the configuration, the port, this Java, Claude Code and its settings, and"
                + " whether the providers can be reached; says what is wrong and what to do. Exits"
                + " with 1 if there is a problem. No key leaves this machine, and no request.");
    spec.addOption(OptionSpec.builder(AS_JSON).description("Print it as JSON.").build());
    return spec;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<Finding> findings = findings();
    PrintWriter out = spec.commandLine().getOut();
    if (spec.commandLine().getParseResult().hasMatchedOption(AS_JSON)) {
      out.println(json(findings));
    } else {
      print(findings, out);
    }
    out.flush();
    return count(Finding.Level.PROBLEM, findings) == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private List<Finding> findings() throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    Config config = ConfigCheck.read(env, findings).orElse(null);
    findings.addAll(FolderCheck.run(env));
    if (config != null) {
      findings.addAll(PortCheck.run(env, config.server()));
    }
    findings.addAll(RuntimeCheck.run());
    findings.add(ClaudeCheck.program(env, config));
    if (config != null) {
      RouterUrl url = RouterUrl.of(config.server().host(), config.server().port());
      findings.addAll(
          ClaudeCheck.settings(
              env, Path.of("").toAbsolutePath(), ClaudeEnvironment.of(config, env, url)));
      findings.add(ProxyCheck.run(env, url));
      findings.add(ClockCheck.run(config.source(), Instant.now()));
      SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();
      findings.addAll(new ProviderCheck(PATIENCE, tls).run(config));
    }
    return findings;
  }

  private void print(List<Finding> findings, PrintWriter out) {
    Style style = Style.of(env);
    for (Finding each : findings) {
      String level = String.format("%-8s", lower(each.level()));
      String shown =
          switch (each.level()) {
            case OK -> style.green(level);
            case WARNING -> style.yellow(level);
            case PROBLEM -> style.red(level);
          };
      out.println(shown + " " + String.format("%-9s", each.check()) + " " + each.what());
      if (!each.remedy().isEmpty()) {
        out.println(" ".repeat(19) + each.remedy());
      }
    }
    long problems = count(Finding.Level.PROBLEM, findings);
    long warnings = count(Finding.Level.WARNING, findings);
    out.println();
    out.println(
        problems + (problems == 1 ? " problem, " : " problems, ") + warnings
            + (warnings == 1 ? " warning" : " warnings"));
  }

  private static String json(List<Finding> findings) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.writeStartObject();
      out.writeArrayFieldStart("findings");
      for (Finding each : findings) {
        out.writeStartObject();
        out.writeStringField("level", lower(each.level()));
        out.writeStringField("check", each.check());
        out.writeStringField("what", each.what());
        out.writeStringField("remedy", each.remedy());
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeNumberField("problems", count(Finding.Level.PROBLEM, findings));
      out.writeNumberField("warnings", count(Finding.Level.WARNING, findings));
      out.writeEndObject();
    } catch (IOException e) {
      throw new AssertionError("writing to memory cannot fail", e);
    }
    return text.toString();
  }

  private static long count(Finding.Level level, List<Finding> findings) {
    return findings.stream().filter(each -> each.level() == level).count();
  }

  private static String lower(Finding.Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }
}
