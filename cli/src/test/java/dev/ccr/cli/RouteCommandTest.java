package dev.ccr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RouteCommandTest {

  private static final String CONFIG =
      """
      {"Providers": [{"name": "p", "api_base_url": "http://localhost/", "api_key": ""}],
       "Router": {"default": "p,usual", "background": "p,small"}}
      """;

  @TempDir private Path home = Path.of("unset");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String request, String... options) throws IOException {
    Path config = Files.writeString(home.resolve("config.json"), CONFIG);
    Path file = Files.writeString(home.resolve("request.json"), request);
    String[] arguments = new String[options.length + 2];
    arguments[0] = "route";
    System.arraycopy(options, 0, arguments, 1, options.length);
    arguments[arguments.length - 1] = file.toString();
    return Commands.commandLine(
                Map.of("CCR_CONFIG_PATH", config.toString()), InputStream.nullInputStream())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void aRequestIsSaidToGoWhereItWouldGo() throws IOException {
    assertEquals(0, run("{\"model\":\"claude-haiku-4-5\",\"messages\":[]}"));
    assertEquals("background   p,small\n", out.toString().replace("\r", ""));
  }

  @Test
  void anExplanationGoesThroughTheRules() throws IOException {
    assertEquals(0, run("{\"model\":\"claude-x\",\"messages\":[]}", "--explain"));
    assertEquals(
        """
        request      model claude-x, 3 input tokens
        explicit     no   the model names no provider
        subagent     no   no prompt begins with a model tag
        image        no   the configuration has no model for it
        longContext  no   the configuration has no model for it
        background   no   model "claude-x" is no haiku
        webSearch    no   the configuration has no model for it
        think        no   the configuration has no model for it
        default      yes  nothing before it applies
        default      p,usual
        """,
        out.toString().replace("\r", ""));
  }

  @Test
  void aRequestThatNobodyAnswersIsAFailureThatSaysWhy() throws IOException {
    assertEquals(1, run("{\"model\":\"q,x\",\"messages\":[]}"));
    assertTrue(err.toString().contains("expected: a configured provider: p"), err.toString());
    assertEquals(1, run("{}"));
    assertTrue(err.toString().contains("messages: missing"), err.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                | Make one first: ccr config init",
        "{\"Prt\": 1}        | The configuration has to be mended before anything can be routed.",
      })
  void withoutAConfigurationItEndsAsStartDoes(String text, String last) throws IOException {
    Path config = home.resolve("config.json");
    if (!text.isEmpty()) {
      Files.writeString(config, text);
    }
    Run run = Run.of(Map.of("CCR_CONFIG_PATH", config.toString()), "route", "-");
    assertEquals(1, run.code());
    assertTrue(run.err().endsWith("\n" + last + "\n"), run.err());
    assertEquals(
        !text.isEmpty(),
        run.err().contains("warning: config.json:1: Prt: unknown key (nearest: PORT)\n"),
        run.err());
  }

  @Test
  void warningsAreNoPartOfTheAnswer() throws IOException {
    Path config =
        Files.writeString(home.resolve("config.json"), CONFIG.replaceFirst("\\{", "{\"Prt\": 1,"));
    Path request = Files.writeString(home.resolve("request.json"), "{\"messages\":[]}");
    Run run =
        Run.of(Map.of("CCR_CONFIG_PATH", config.toString()), "route", request.toString());
    assertEquals(0, run.code(), run.err());
    assertEquals("default      p,usual\n", run.out());
    assertEquals("warning: config.json:1: Prt: unknown key (nearest: PORT)\n", run.err());
  }

  @Test
  void aFileThatIsNotThereIsNamed() throws IOException {
    Path config = Files.writeString(home.resolve("config.json"), CONFIG);
    int code =
        Commands.commandLine(
                Map.of("CCR_CONFIG_PATH", config.toString()), InputStream.nullInputStream())
            .setErr(new PrintWriter(err, true))
            .execute("route", home.resolve("nothing").toString());
    assertEquals(1, code);
    assertTrue(err.toString().contains("nothing: cannot be read"), err.toString());
  }
}
