package dev.ccr.cli.service;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.ccr.cli.terminal.Help;
import dev.ccr.cli.terminal.Problems;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code ccr status}: says whether the router runs and is well. */
public final class StatusCommand implements Callable<Integer> {

  /** As the Linux Standard Base has it for init scripts: the program is not running. */
  static final int NOT_RUNNING = 3;

  private static final int OK = 0;
  private static final int FAILURE = 1;

  private static final String JSON = "--json";

  private final Map<String, String> env;
  private final CommandSpec spec;

  private StatusCommand(Map<String, String> env) {
    this.env = env;
    this.spec = CommandSpec.wrapWithoutInspection(this);
  }

  /** The command's specification. */
  public static CommandSpec spec(Map<String, String> env) {
    CommandSpec spec = new StatusCommand(env).spec;
    spec.name("status");
    Help.addTo(spec);
    spec.usageMessage()
        .description(
            "Says whether the router runs. Exit code 0: it runs and answers; 1: it runs and does"
                + " not answer; 3: it does not run.");
    spec.addOption(OptionSpec.builder(JSON).description("Say it as JSON.").build());
    return spec;
  }

  @Override
  public Integer call() {
    CommandLine line = spec.commandLine();
    return run(env, line.getParseResult().hasMatchedOption(JSON), line.getOut(), line.getErr());
  }

  /** Says it; returns the exit code. */
  public static int run(Map<String, String> env, boolean json, PrintWriter out, PrintWriter err) {
    try {
      ServiceInfo service = Services.of(env).find();
      boolean healthy = service != null && HealthProbe.isHealthy(service.get(ServiceInfo.URL));
      if (json) {
        out.println(json(service, healthy));
      } else if (service == null) {
        out.println("No router runs. To start one: ccr start");
      } else {
        print(service, healthy, out);
      }
      return service == null ? NOT_RUNNING : healthy ? OK : FAILURE;
    } catch (IOException e) {
      return Problems.print(e, err);
    }
  }

  private static void print(ServiceInfo service, boolean healthy, PrintWriter out) {
    String users = service.get(ServiceInfo.USERS);
    boolean rejected = service.get(ServiceInfo.CONFIG_STATE).equals("rejected");
    line(out, "Running", healthy ? "yes" : "yes, but it does not answer (ccr restart)");
    line(out, "PID", service.get(ServiceInfo.PID));
    line(out, "Host", service.get(ServiceInfo.HOST));
    line(out, "Port", service.get(ServiceInfo.PORT));
    line(out, "Endpoint", service.get(ServiceInfo.URL));
    line(out, "Providers", service.get(ServiceInfo.PROVIDERS));
    line(
        out,
        "Config Path",
        service.get(ServiceInfo.CONFIG)
            + (rejected ? " (rejected as it is now: ccr config validate)" : ""));
    line(
        out,
        "References",
        service.get(ServiceInfo.LEASES)
            + (users.isEmpty() ? "" : " (processes " + users + ")")
            + (service.is(Origin.CODE) ? "; it ends with the last ccr code" : ""));
    String log = service.get(ServiceInfo.LOG);
    line(out, "Log", log.isEmpty() ? "none" : log);
    line(out, "Uptime", uptime(service));
    line(out, "Version", service.get(ServiceInfo.VERSION));
  }

  private static void line(PrintWriter out, String name, String value) {
    out.printf("  %-15s: %s%n", name, value);
  }

  private static String uptime(ServiceInfo service) {
    Instant start = Instant.parse(service.get(ServiceInfo.STARTED_AT));
    Duration up = Duration.between(start, Instant.now());
    return up.toSeconds() < 60
        ? up.toSeconds() + " s"
        : up.toMinutes() < 60
            ? up.toMinutes() + " min"
            : up.toHours() + " h " + up.toMinutesPart() + " min";
  }

  private static String json(@Nullable ServiceInfo service, boolean healthy) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeBooleanField("running", service != null);
      if (service != null) {
        json.writeBooleanField("healthy", healthy);
        json.writeNumberField("pid", service.number(ServiceInfo.PID));
        json.writeStringField("host", service.get(ServiceInfo.HOST));
        json.writeNumberField("port", service.number(ServiceInfo.PORT));
        json.writeStringField("endpoint", service.get(ServiceInfo.URL));
        json.writeStringField("config_path", service.get(ServiceInfo.CONFIG));
        if (!service.isHung()) { // else nobody knows
          json.writeNumberField("providers", service.number(ServiceInfo.PROVIDERS));
          json.writeStringField("config_state", service.get(ServiceInfo.CONFIG_STATE));
          json.writeNumberField("references", service.number(ServiceInfo.LEASES));
          json.writeBooleanField("ends_with_last_reference", service.is(Origin.CODE));
        }
        json.writeStringField("log", service.get(ServiceInfo.LOG));
        json.writeStringField("started_at", service.get(ServiceInfo.STARTED_AT));
        json.writeStringField("version", service.get(ServiceInfo.VERSION));
      }
      json.writeEndObject();
    }
    return text.toString();
  }
}
