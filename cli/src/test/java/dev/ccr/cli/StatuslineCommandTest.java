package dev.ccr.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class StatuslineCommandTest {

  private static final String SESSION =
      """
      {"hook_event_name":"Status","session_id":"5f0c","transcript_path":"/home/u/.claude/x.jsonl",
       "cwd":"/elsewhere","model":{"id":"claude-opus-5-5","display_name":"Opus 5.5"},
       "workspace":{"current_dir":"DIR","project_dir":"/p","added_dirs":[{"model":"none"}]},
       "version":"2.1.330","output_style":{"name":"default"},"effort":{"level":"high"},
       "cost":{"total_cost_usd":0.4249,"total_duration_ms":180000,"total_lines_added":156},
       "context_window":{"total_input_tokens":15234,"total_output_tokens":4521,
        "context_window_size":200000,"used_percentage":8,
        "current_usage":{"input_tokens":8500,"output_tokens":1200,
         "cache_creation_input_tokens":5000,"cache_read_input_tokens":2000}},
       "exceeds_200k_tokens":false}
      """;

  @TempDir private Path home = Path.of("unset");

  private static Run run(String input, Map<String, String> env) {
    Map<String, String> plain = new HashMap<>(Map.of("NO_COLOR", "1", "HOME", "/nowhere"));
    plain.putAll(env);
    return Run.withInput(input, plain, "statusline");
  }

  private Path repository(String head) throws IOException {
    Path folder = Files.createDirectories(home.resolve("project/sub"));
    Files.createDirectories(home.resolve("project/.git"));
    Files.writeString(home.resolve("project/.git/HEAD"), head);
    return folder;
  }

  @Test
  void aSessionIsOneLine() throws IOException {
    Path folder = repository("ref: refs/heads/feature/x\n");
    Run run = run(SESSION.replace("DIR", folder.toString()), Map.of());
    assertEquals("Opus 5.5 | sub | feature/x | 15.5k tokens 8% | $0.42\n", run.out());
    assertEquals("", run.err());
    assertEquals(0, run.code());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ref: refs/heads/main                         | main",
        "4f0d8e6b1c2a3948576a0b1c2d3e4f5061728394     | 4f0d8e6",
        "ref: refs/heads/.invalid                     | (none)",
        "nonsense                                     | (none)",
        "''                                           | (none)",
      })
  void theBranchIsWhatHeadSays(String head, String branch) throws IOException {
    String input = "{\"workspace\":{\"current_dir\":\"" + repository(head) + "\"}}";
    assertEquals(
        branch.equals("(none)") ? "sub\n" : "sub | " + branch + "\n", run(input, Map.of()).out());
  }

  @Test
  void aWorktreeHasItsOwnBranch() throws IOException {
    repository("ref: refs/heads/main");
    Path data = Files.createDirectories(home.resolve("project/.git/worktrees/w"));
    Files.writeString(data.resolve("HEAD"), "ref: refs/heads/topic\n");
    Path tree = Files.createDirectories(home.resolve("w"));
    for (String link : List.of(data.toString(), "../project/.git/worktrees/w")) {
      Files.writeString(tree.resolve(".git"), "gitdir: " + link + "\n");
      assertEquals("w | topic\n", run("{\"cwd\":\"" + tree + "\"}", Map.of()).out());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // model, effort, tokens, base URL, what is shown
        "claude-sonnet-4-5    | high  | 100    | http://127.0.0.1:6970 | -> p,usual",
        "claude-haiku-4-5     | high  | 100    | http://127.0.0.1:6970 | -> p,small",
        "claude-sonnet-4-5    | max   | 100    | http://localhost:6970 | -> p,deep",
        "claude-sonnet-4-5    | high  | 70000  | http://127.0.0.1:6970 | -> p,long",
        "p,other:online       | high  | 70000  | http://127.0.0.1:6970 | ''",
        "claude-ccr-p,other   | high  | 100    | http://127.0.0.1:6970 | -> p,other",
        "q,x                  | high  | 100    | http://127.0.0.1:6970 | ''",
        "claude-sonnet-4-5    | high  | 100    | http://127.0.0.1:4000 | ''",
        "claude-sonnet-4-5    | high  | 100    | ''                    | ''",
        "claude-sonnet-4-5    | high  | 100    | not a url             | ''",
      })
  void theRoutersModelIsNamed(
      String model, String effort, String tokens, String base, String shown) throws IOException {
    Path config =
        Files.writeString(
            home.resolve("config.json"),
            """
            {"Providers": [{"name": "p", "api_base_url": "http://localhost/", "api_key": ""}],
             "Router": {"default": "p,usual", "background": "p,small", "think": "p,deep",
                        "longContext": "p,long"}}
            """);
    String input =
        """
        {"model":{"id":"%s"},"effort":{"level":"%s"},
         "context_window":{"total_input_tokens":%s,"current_usage":null}}
        """
            .formatted(model, effort, tokens);
    Run run =
        run(input, Map.of("CCR_CONFIG_PATH", config.toString(), "ANTHROPIC_BASE_URL", base));
    assertEquals((model + " " + shown).strip(), run.out().split(" \\|", -1)[0]);
    assertEquals("", run.err());
  }

  /** What is odd, and the line that is shown all the same. */
  static List<List<String>> odd() {
    return List.of(
        List.of("", "ccr"),
        List.of("nonsense", "ccr"),
        List.of("[]", "ccr"),
        List.of("null", "ccr"),
        List.of("\"text\"", "ccr"),
        List.of("}{", "ccr"),
        List.of("{\"model\":\"opus\"}", "opus"),
        List.of("{\"model\":{\"display_name\":\"Opus\"},\"cost\":{\"to", "Opus"),
        List.of("{\"model\":{\"display_name\":null,\"id\":\"claude-x\"}}", "claude-x"),
        List.of("{\"model\":{\"display_name\":\"a\\u001b[31m\\r\\n\\u202eb\\u2028\"}}", "a[31mb"),
        List.of("{\"model\":{\"display_name\":\"\\u001b\"},\"cwd\":\"/\"}", "/"),
        List.of("{\"model\":\"" + "m".repeat(70) + "\"}", "m".repeat(60) + "..."),
        List.of("{\"cwd\":\"/no/such/\\u0000folder\"}", "/no/such/folder"),
        List.of("{\"cwd\":\"/no/such/folder\"}", "folder"),
        List.of("{\"cost\":{\"total_cost_usd\":\"many\"}}", "ccr"),
        List.of("{\"cost\":{\"total_cost_usd\":-1}}", "ccr"),
        List.of("{\"cost\":{\"total_cost_usd\":1e999}}", "ccr"),
        List.of("{\"cost\":{\"total_cost_usd\":12}}", "$12.00"),
        List.of("{\"context_window\":{\"used_percentage\":91.6}}", "92% of the context"),
        List.of(
            "{\"context_window\":{\"context_window_size\":1000,"
                + "\"current_usage\":{\"input_tokens\":250,\"cache_read_input_tokens\":null}}}",
            "250 tokens 25%"),
        List.of("{\"a\":".repeat(3000), "ccr"),
        List.of("{\"cwd\":[[[\"x\"]]],\"model\":{\"id\":{\"id\":\"x\"}}}", "ccr"));
  }

  @ParameterizedTest
  @MethodSource("odd")
  void whateverComesThereIsALine(List<String> each) {
    Run run = run(each.get(0), Map.of());
    assertEquals(each.get(1) + "\n", run.out());
    assertEquals("", run.err());
    assertEquals(0, run.code());
  }

  @Test
  void coloursAreThereUnlessTheyAreUnwanted() {
    String input = "{\"model\":\"m\",\"context_window\":{\"used_percentage\":95}}";
    assertEquals(
        "\u001b[32mm\u001b[0m | \u001b[31m95% of the context\u001b[0m\n",
        Run.withInput(input, Map.of(), "statusline").out());
    assertEquals("m | 95% of the context\n", run(input, Map.of()).out());
  }
}
