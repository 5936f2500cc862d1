package dev.ccr.cli.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.ccr.cli.terminal.Help;
import dev.ccr.proxy.config.Secret;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code ccr config key}: makes a key for a client. Nothing is written anywhere. */
final class KeyCommand implements Callable<Integer> {

  private static final String PREFIX = "ccr-";

  /** 256 bits: nobody guesses one, and its digest gives nothing away. */
  private static final int RANDOM_BYTES = 32;

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

  private KeyCommand() {}

  static CommandSpec spec() {
    CommandSpec spec = new KeyCommand().spec;
    spec.name("key");
    Help.addTo(spec);
    spec.usageMessage()
        .description(
            "Makes a key for a client and prints it, once, and the entry of CLIENT_KEYS that lets"
                + " it in. The entry holds the key's digest only.");
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("0..1")
            .paramLabel("NAME")
            .type(String.class)
            .initialValue("client")
            .description("What logs and figures call the client; client by default.")
            .build());
    return spec;
  }

  @Override
  public Integer call() {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    Secret key =
        Secret.of(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random));
    String name = spec.commandLine().getParseResult().matchedPositionalValue(0, "client");
    PrintWriter out = spec.commandLine().getOut();
    out.println("The key, for the client; it is shown this once:");
    out.println(key.reveal());
    out.println("For CLIENT_KEYS of the configuration:");
    out.println(entry(name, key.sha256()));
    return ExitCode.OK;
  }

  private static String entry(String name, String sha256) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
      out.writeStartObject();
      out.writeStringField("name", name);
      out.writeStringField("sha256", sha256);
      out.writeEndObject();
    } catch (IOException e) {
      throw new AssertionError("writing to memory cannot fail", e);
    }
    return text.toString();
  }
}
