package dev.ccr.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ccr.proxy.model.Provider;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TransformerReaderTest {
  private static final String PATH = "config.json:2: Providers[0].transformer";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                                              | PLAIN {}",
        "{'use': []}                                                     | PLAIN {}",
        "{'use': ['DeepSeek']}                                           | DEEPSEEK {}",
        "{'use': ['reasoning', 'openrouter', 'cleancache']}              | OPENROUTER {}",
        "{'use': ['streamoptions', 'maxcompletiontokens', 'vercel']}     | PLAIN {}",
        "{'use': ['OpenAI', ['groq', {}]]}                               | PLAIN {}",
        "{'use': ['cerebras'], 'm': {'use': ['cerebras', 'reasoning']}}  | CEREBRAS {}",
        "{'use': ['Anthropic']}                                          | ANTHROPIC {}",
        "{'use': [['maxtoken', {'max_tokens': 5}]]}                      | PLAIN {=5}",
        "{'use': [['maxtoken', {'max_tokens': '5'}], ['maxtoken', {'max_tokens': 4}]]} | PLAIN"
            + " {=4}",
        "{'m': {'use': [['maxtoken', {'max_tokens': 7}]]}, 'use': ['deepseek']} | DEEPSEEK {m=7}",
      })
  void stepsThatMatterAreKept(String transformer, String expected) throws ConfigException {
    Config config = parse(transformer, "");
    Provider provider = config.providers().getFirst().provider();
    assertEquals(
        expected, provider.profile() + " " + new TreeMap<>(provider.maxOutputTokens()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'use': ['reasoning', 'cleancache', 'streamoptions', 'maxcompletiontokens']}",
        "{'use': ['openrouter'], 'm': {'use': ['openrouter']}}",
        "{'use': [['openrouter', {}], ['maxtoken', {'max_tokens': 1}]]}",
      })
  void whatHappensAnywayIsNoWarning(String transformer) throws ConfigException {
    assertEquals(List.of(), parse(transformer, "").warnings());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'use': ['tooluse']} | .use[0]: \"tooluse\": no effect: no tool is forced on the model",
        "{'use': ['forcereasoning']} | .use[0]: \"forcereasoning\": no effect: models are not"
            + " told to reason in their prompts",
        "{'use': ['enhancetool']} | .use[0]: \"enhancetool\": no effect: arguments of tools are"
            + " handed on as they come",
        "{'use': [['sampling', {'temperature': 0}]]} | .use[0]: \"sampling\": no effect: clients"
            + " choose how to sample",
        "{'m': {'use': [['customparams', {'a': 1}]]}} | .m.use[0]: \"customparams\": no effect:"
            + " no fields are added to requests",
        "{'use': ['qwen-cli']}      | .use[0]: \"qwen-cli\": unknown transformer: ignored",
        "{'use': [['openrouter', {'provider': {}}]]} | .use[0]: \"openrouter\": options: not"
            + " supported yet: ignored",
        "{'use': ['groq'], 'm': {'use': ['deepseek']}} | .m.use[0]: \"deepseek\": no effect: a"
            + " provider is spoken to in one way; its first transformer, or profile, decides",
      })
  void whatHasNoEffectIsSaid(String transformer, String warning) throws ConfigException {
    assertEquals(List.of(PATH + warning), parse(transformer, "").warnings());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]                     | : an array (expected: an object)",
        "{'use': 'deepseek'} | .use: a string (expected: an array of names, or of names with"
            + " options)",
        "{'use': [7]} | .use[0]: a number (expected: an array of names, or of names with options)",
        "{'use': [[]]} | .use[0]: an array (expected: an array of names, or of names with options)",
        "{'m': ['tooluse']}     | .m: an array (expected: an object with use)",
        "{'use': ['maxtoken']} | .use[0].max_tokens: missing (expected: a number of tokens, 1 to"
            + " 2147483647)",
        "{'use': [['maxtoken', {'max_tokens': 0}]]} | .use[0].max_tokens: 0 (expected: a number"
            + " of tokens, 1 to 2147483647)",
      })
  void faultsAreLines(String transformer, String problem) {
    ConfigException e = assertThrows(ConfigException.class, () -> parse(transformer, ""));
    assertEquals(List.of(PATH + problem), e.problems());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'max_output_tokens': 9          | {=9, m=7}",
        "'max_output_tokens': {'m': 9}   | {=5, m=9}",
      })
  void ourOwnKeyCountsMore(String key, String expected) throws ConfigException {
    String transformer =
        "{'use': [['maxtoken', {'max_tokens': 5}]],"
            + " 'm': {'use': [['maxtoken', {'max_tokens': 7}]]}}";
    Provider provider = parse(transformer, key + ",").providers().getFirst().provider();
    assertEquals(expected, new TreeMap<>(provider.maxOutputTokens()).toString());
  }

  private static Config parse(String transformer, String more) throws ConfigException {
    String text =
        """
        {'PORT': 1, 'Providers': [{'name': 'p', 'api_base_url': 'http://h', 'api_key': '',%s
          'transformer': %s}],
         'Router': {'default': 'p,m'}}
        """
            .formatted(more, transformer);
    return ConfigReader.parse("config.json", text.replace('\'', '"'), Map.of());
  }
}
