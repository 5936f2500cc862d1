package dev.ccr.proxy.provider.openai;

import static dev.ccr.proxy.provider.openai.ChatRequests.PROFILES;
import static dev.ccr.proxy.provider.openai.ChatRequests.encode;
import static dev.ccr.proxy.provider.openai.ChatRequests.expand;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ccr.proxy.claude.Minted;
import dev.ccr.proxy.model.RequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a Claude request a chat upstream gets, and in which form. */
final class ChatRequestTest {

  /** Options: the fields of a request with one user message, and what follows the messages. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "plain | gpt-4o  | `max_tokens`:5                       | ,`max_tokens`:5",
        "plain | gpt-4o  | `max_tokens`:128000                  | ,`max_tokens`:10000",
        "plain | o3      | `max_tokens`:128000                  | ,`max_completion_tokens`:10000",
        "plain | o3-mini | `max_tokens`:5,`temperature`:1,`stop_sequences`:[`a`] |"
            + " ,`max_completion_tokens`:5",
        "plain | o1      | `top_p`:1,`stop_sequences`:[`a`]     | ,`stop`:[`a`]",
        "plain | gpt-4o  | `stop_sequences`:[`a`,`b`,`c`,`d`,`e`] | ,`stop`:[`a`,`b`,`c`,`d`]",
        "plain | gpt-4o  | `stop_sequences`:[],`top_k`:5        | ''",
        "router | x/y    | `top_k`:5                            | ,`top_k`:5",
        "plain | gpt-4o  | `thinking`:{`type`:`adaptive`},`output_config`:{`effort`:`high`} | ''",
        "plain | gpt-5   | `thinking`:{`type`:`adaptive`}       | ,`reasoning_effort`:`medium`",
        "plain | o/gpt-5 | `output_config`:{`effort`:`max`}     | ,`reasoning_effort`:`high`",
        "plain | gpt-5.2 | `output_config`:{`effort`:`xhigh`}   | ,`reasoning_effort`:`xhigh`",
        "plain | gpt-5.1 | `thinking`:{`type`:`disabled`}       | ,`reasoning_effort`:`none`",
        "plain | gpt-5   | `thinking`:{`type`:`disabled`}       | ''",
        "plain | gpt-5-chat-latest | `temperature`:1,`thinking`:{`type`:`adaptive`} |"
            + " ,`temperature`:1",
        "plain | o3 | `thinking`:{`type`:`enabled`,`budget_tokens`:3999} |"
            + " ,`reasoning_effort`:`low`",
        "plain | o3 | `thinking`:{`type`:`enabled`,`budget_tokens`:4000} |"
            + " ,`reasoning_effort`:`medium`",
        "plain | o3 | `thinking`:{`type`:`enabled`,`budget_tokens`:16000} |"
            + " ,`reasoning_effort`:`high`",
        "router | x | `max_tokens`:9000,`thinking`:{`type`:`enabled`,`budget_tokens`:5000} |"
            + " ,`max_tokens`:9000,`reasoning`:{`max_tokens`:5000}",
        "router | x | `max_tokens`:5000,`thinking`:{`type`:`enabled`,`budget_tokens`:5000} |"
            + " ,`max_tokens`:5000,`reasoning`:{`effort`:`medium`}",
        "router | x | `thinking`:{`type`:`adaptive`},`output_config`:{`effort`:`low`} |"
            + " ,`reasoning`:{`effort`:`low`}",
        "router | x | `thinking`:{`type`:`disabled`}            | ,`reasoning`:{`enabled`:false}",
        "deep  | x | `thinking`:{`type`:`adaptive`}             | ,`thinking`:{`type`:`enabled`}",
        "qwen  | x | `thinking`:{`type`:`disabled`}             | ,`enable_thinking`:false",
        "router | x | `thinking`:{`type`:`enabled`,`budget_tokens`:1e3} |"
            + " ,`reasoning`:{`max_tokens`:1000}",
        "router | x | `thinking`:{`type`:`enabled`,`budget_tokens`:2000.9} |"
            + " ,`reasoning`:{`max_tokens`:2000}",
        "gemini | gemini-2.0-flash | `thinking`:{`type`:`adaptive`},`stop_sequences`:[`a`] | ''",
        "gemini | gemini-2.5-pro | `thinking`:{`type`:`enabled`,`budget_tokens`:1024} |"
            + " ,`reasoning_effort`:`low`",
        "gemini | gemini-3-pro | `output_config`:{`effort`:`max`} | ,`reasoning_effort`:`high`",
        "router | x:online | `tools`:[{`type`:`web_search_20250305`,`name`:`web_search`}] | ''",
        "plain | gpt-5-search-api | `temperature`:1,`tools`:[{`type`:`web_search_20250305`,`name`:"
            + "`web_search`}] | ,`temperature`:1,`web_search_options`:{}",
        "top | x | `tools`:[{`name`:`f`,`input_schema`:{`type`:`object`,`properties`:{`a`:{}},"
            + "`anyOf`:[{`properties`:{`a`:{`x`:1},`b`:{}}},{`required`:[`b`]}],`not`:{}}}] |"
            + " ,`tools`:[{`type`:`function`,`function`:{`name`:`f`,`parameters`:"
            + "{`type`:`object`,`properties`:{`a`:{},`b`:{}}}}}]",
        "top | x | `tools`:[{`name`:`f`,`input_schema`:{`$defs`:{`A`:{`properties`:{`x`:{}}}},"
            + "`anyOf`:[{`$ref`:`#/$defs/A`},{`$ref`:`#/nowhere`}]}}] |"
            + " ,`tools`:[{`type`:`function`,`function`:{`name`:`f`,`parameters`:"
            + "{`type`:`object`,`$defs`:{`A`:{`properties`:{`x`:{}}}},`properties`:{`x`:{}}}}}]",
        "plain | x | `tools`:[{`name`:`f`,`input_schema`:{`type`:`object`,`properties`:{},"
            + "`anyOf`:[]}}] | ,`tools`:[{`type`:`function`,`function`:{`name`:`f`,`parameters`:"
            + "{`type`:`object`,`properties`:{},`anyOf`:[]}}}]",
        "plain | x | `output_config`:{`format`:{`type`:`json_schema`,`schema`:{`a`:1}}} |"
            + " ,`response_format`:{`type`:`json_schema`,`json_schema`:{`name`:`output`,"
            + "`strict`:false,`schema`:{`a`:1}}}",
        "plain | x | `stream`:true | ,`stream`:true,`stream_options`:{`include_usage`:true}",
        "simple | x | `stream`:true | ,`stream`:true",
        "plain | x | `metadata`:{`user_id`:`u`},`service_tier`:`auto`,`container`:`c`,`betas`:[1],"
            + "`context_management`:{`edits`:[]},`safeguards`:[{}],`cache_control`:{},`new`:1 | ''",
        "plain | x | `tools`:[],`tool_choice`:{`type`:`auto`}   | ''",
        "plain | x | `tools`:[{`name`:`f`}],`tool_choice`:{`type`:`any`} |"
            + " ,`tools`:[{`type`:`function`,`function`:{`name`:`f`,`parameters`:"
            + "{`type`:`object`,`properties`:{}}}}],`tool_choice`:`required`",
        "plain | x | `tools`:[{`name`:`f`,`input_schema`:{`$schema`:`s`,`additionalProperties`:"
            + "false},`defer_loading`:true,`strict`:true,`cache_control`:{}}] |"
            + " ,`tools`:[{`type`:`function`,`function`:{`name`:`f`,`parameters`:"
            + "{`type`:`object`,`additionalProperties`:false,`properties`:{}}}}]",
        "plain | x | `tools`:[{`name`:`f`,`input_schema`:{`properties`:{`$schema`:{},"
            + "`cache_control`:{}}}}] |"
            + " ,`tools`:[{`type`:`function`,`function`:{`name`:`f`,`parameters`:{`type`:`object`,"
            + "`properties`:{`$schema`:{},`cache_control`:{}}}}}]",
        "plain | x | `tools`:[{`type`:`web_search_20990101`,`name`:`web_search`},"
            + "{`name`:`DeferredToolPlaceholder`,`input_schema`:{`type`:`object`}}],"
            + "`tool_choice`:{`type`:`tool`,`name`:`web_search`} | ''",
        "router | x | `tools`:[{`type`:`web_search_20250305`,`name`:`web_search`}] |"
            + " ,`plugins`:[{`id`:`web`}]",
        "plain | x | `tools`:[{`type`:`bash_20250124`,`name`:`bash`}] |"
            + " ,`tools`:[{`type`:`function`,`function`:{`name`:`bash`,`parameters`:"
            + "{`type`:`object`,`properties`:{`command`:{`type`:`string`},`restart`:"
            + "{`type`:`boolean`}}}}}]",
        "plain | o3 | `tools`:[{`name`:`f`}],`tool_choice`:{`type`:`none`,"
            + "`disable_parallel_tool_use`:true} | ,`tools`:[{`type`:`function`,`function`:{`name`:"
            + "`f`,`parameters`:{`type`:`object`,`properties`:{}}}}],`tool_choice`:`none`",
        "simple | x | `tools`:[{`name`:`f`}],`tool_choice`:{`type`:`any`,"
            + "`disable_parallel_tool_use`:true} | ,`tools`:[{`type`:`function`,`function`:{`name`:"
            + "`f`,`parameters`:{`type`:`object`,`properties`:{}}}}]"
      })
  void optionsAreSaidAsTheUpstreamAndTheModelTakeThem(
      String profile, String model, String fields, String expected) throws RequestException {
    String request =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]," + fields.replace('`', '"') + "}";
    String start =
        "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]";
    assertEquals(
        start + expected.replace('`', '"') + "}",
        encode(PROFILES.getOrDefault(profile, ChatProfile.plain()), model, request));
  }

  /** Conversations: the elements of {@code messages}, and what they become. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "plain | {`role`:`user`,`content`:[]} | ''",
        "plain | {`role`:`user`,`content`:[{`type`:`text`,`text`:``}]} | ''",
        "plain | {`role`:`user`,`content`:[{`type`:`text`,`text`:`a`},{`type`:`text`,`text`:`b`}]} |"
            + " {`role`:`user`,`content`:[{`type`:`text`,`text`:`a`},{`type`:`text`,`text`:`b`}]}",
        "simple | {`role`:`user`,`content`:[{`type`:`text`,`text`:`a`},{`type`:`text`,`text`:`b`}]}"
            + " | {`role`:`user`,`content`:`a\\n\\nb`}",
        "plain | {`role`:`user`,`content`:[{`type`:`tomorrow`,`text`:`a`},{`type`:`x`,`y`:1}]} |"
            + " {`role`:`user`,`content`:`a`}",
        "plain | {`role`:`user`,`content`:[{`type`:`image`,`source`:{`type`:`file`,`file_id`:`f`}}]}"
            + " | {`role`:`user`,`content`:`[image file ID not available]`}",
        "plain | {`role`:`user`,`content`:[{`type`:`document`,`title`:`t`,`source`:{`type`:`base64`,"
            + "`media_type`:`application/pdf`,`data`:`JV`}}]} | {`role`:`user`,`content`:[{`type`:"
            + "`file`,`file`:{`filename`:`t`,`file_data`:`data:application/pdf;base64,JV`}}]}",
        "plain | {`role`:`user`,`content`:[{`type`:`document`,`title`:`t`,`context`:`c`,`source`:"
            + "{`type`:`text`,`media_type`:`text/plain`,`data`:`d`}}]} |"
            + " {`role`:`user`,`content`:`t\\nc\\nd`}",
        "plain | {`role`:`user`,`content`:[{`type`:`document`,`source`:{`type`:`content`,`content`:"
            + "[{`type`:`text`,`text`:`a`},{`type`:`text`,`text`:`b`}]}}]} |"
            + " {`role`:`user`,`content`:`a\\nb`}",
        "plain | {`role`:`user`,`content`:[{`type`:`document`,`source`:{`type`:`url`,`url`:`u`}}]} |"
            + " {`role`:`user`,`content`:`[document] u`}",
        "router | {`role`:`user`,`content`:[{`type`:`document`,`source`:{`type`:`url`,`url`:`u`}}]} |"
            + " {`role`:`user`,`content`:[{`type`:`file`,`file`:{`filename`:`document.pdf`,"
            + "`file_data`:`u`}}]}",
        "plain | {`role`:`user`,`content`:[{`type`:`search_result`,`title`:`t`,`source`:`s`,"
            + "`content`:[{`type`:`text`,`text`:`x`}]}]} | {`role`:`user`,`content`:`t\\ns\\nx`}",
        "plain | CALLS(a) {`role`:`user`,`content`:[{`type`:`tool_result`,`tool_use_id`:`a`,`content`:"
            + "[{`type`:`tool_reference`,`tool_name`:`WebSearch`}]},{`type`:`text`,`text`:"
            + "`Tool loaded.`}]} | CALLED(a) {`role`:`tool`,`tool_call_id`:`a`,`content`:"
            + "`tool available: WebSearch`},{`role`:`user`,`content`:`Tool loaded.`}",
        "plain | CALLS(a) {`role`:`user`,`content`:[{`type`:`tool_result`,`tool_use_id`:`a`}]} |"
            + " CALLED(a) {`role`:`tool`,`tool_call_id`:`a`,`content`:``}",
        "plain | CALLS(a) {`role`:`user`,`content`:[{`type`:`tool_result`,`tool_use_id`:`a`,"
            + "`content`:`x`},{`type`:`tool_result`,`tool_use_id`:`a`,`content`:`y`}]} |"
            + " CALLED(a) {`role`:`tool`,`tool_call_id`:`a`,`content`:`y`}",
        "plain | CALLS(a) {`role`:`user`,`content`:`never mind`} | CALLED(a) {`role`:`tool`,"
            + "`tool_call_id`:`a`,`content`:`[no result]`},{`role`:`user`,`content`:`never mind`}",
        "plain | {`role`:`user`,`content`:[{`type`:`tool_result`,`tool_use_id`:`z`,`content`:`x`}]} |"
            + " {`role`:`user`,`content`:`x`}",
        "plain | CALLS(a) {`role`:`system`,`content`:`s`},{`role`:`user`,`content`:[{`type`:"
            + "`tool_result`,`tool_use_id`:`a`,`content`:`x`}]} | CALLED(a) {`role`:`tool`,"
            + "`tool_call_id`:`a`,`content`:`x`},{`role`:`system`,`content`:`s`}",
        "simple | {`role`:`user`,`content`:`a`},{`role`:`system`,`content`:`s`} |"
            + " {`role`:`user`,`content`:`a\\n\\n<system-reminder>\\ns\\n</system-reminder>`}",
        "plain | {`role`:`system`,`content`:[]},{`role`:`assistant`,`content`:[]} | ''",
        "plain | {`role`:`user`,`content`:[{`type`:`search_result`,`title`:``,`source`:{},"
            + "`content`:[]},{`type`:`document`,`source`:{`type`:`text`,`data`:``}},"
            + "{`type`:`text`,`text`:`a`}]} | {`role`:`user`,`content`:`a`}",
        "plain | CALLS(a) {`role`:`user`,`content`:[{`type`:`tool_result`,`tool_use_id`:`a`,"
            + "`is_error`:true}]} | CALLED(a) {`role`:`tool`,`tool_call_id`:`a`,`content`:"
            + "`Error: the tool says no more`}",
        "plain | CALLS(a) {`role`:`user`,`content`:[{`type`:`tool_result`,`tool_use_id`:`a`,"
            + "`is_error`:true,`content`:[{`type`:`text`,`text`:`Error: no`}]}]} | CALLED(a) {`role`:"
            + "`tool`,`tool_call_id`:`a`,`content`:`Error: no`}",
        "plain | CALLS(a) {`role`:`user`,`content`:[{`type`:`tool_result`,`tool_use_id`:`a`,"
            + "`is_error`:true,`content`:`no`}]} | CALLED(a) {`role`:"
            + "`tool`,`tool_call_id`:`a`,`content`:`Error: no`}",
        "simple | CALLS(a) {`role`:`user`,`content`:[{`type`:`tool_result`,`tool_use_id`:`a`,"
            + "`content`:`x`}]},{`role`:`system`,`content`:`s`} | CALLED-(a) {`role`:`tool`,"
            + "`tool_call_id`:`a`,`content`:`x`},{`role`:`user`,`content`:"
            + "`<system-reminder>\\ns\\n</system-reminder>`}",
        "simple | {`role`:`user`,`content`:[{`type`:`image`,`source`:{`type`:`url`,`url`:`u`}}]} |"
            + " {`role`:`user`,`content`:`[left out: the provider of this model takes nothing but"
            + " text]`}",
        "turns | {`role`:`user`,`content`:`a`},{`role`:`user`,`content`:`b`},{`role`:`assistant`,"
            + "`content`:`c`},{`role`:`assistant`,`content`:`d`} | {`role`:`user`,`content`:[{`type`:"
            + "`text`,`text`:`a`},{`type`:`text`,`text`:`b`}]},{`role`:`assistant`,`content`:`c\\n\\nd`,"
            + "`prefix`:true}",
        "gemini | CALLS(a) {`role`:`user`,`content`:`b`} | CALLED(a) {`role`:`tool`,`tool_call_id`:"
            + "`a`,`content`:`[no result]`},{`role`:`user`,`content`:`b`}",
        "plain | CALLS(toolu_ccr_ZnVuY3Rpb25zLmY6MA) {`role`:`user`,`content`:[{`type`:"
            + "`tool_result`,`tool_use_id`:`toolu_ccr_ZnVuY3Rpb25zLmY6MA`,`content`:`x`}]} |"
            + " CALLED(toolu_ccr_ZnVuY3Rpb25zLmY6MA) {`role`:`tool`,`tool_call_id`:"
            + "`toolu_ccr_ZnVuY3Rpb25zLmY6MA`,`content`:`x`}",
        "router | CALLS(a) {`role`:`user`,`content`:[{`type`:`tool_result`,`tool_use_id`:`a`,"
            + "`content`:[{`type`:`text`,`text`:`x`},{`type`:`text`,`text`:`y`}],`cache_control`:"
            + "{`type`:`ephemeral`}}]} | CALLED(a) {`role`:`tool`,`tool_call_id`:`a`,`content`:["
            + "{`type`:`text`,`text`:`x`},{`type`:`text`,`text`:`y`,`cache_control`:"
            + "{`type`:`ephemeral`}}]}",
        "plain | {`role`:`assistant`,`content`:[{`type`:`tool_use`,`id`:`a`,`name`:`f`,`input`:{}},"
            + "{`type`:`tool_use`,`id`:`b`,`name`:`f`,`input`:{}}]},{`role`:`user`,`content`:["
            + "{`type`:`tool_result`,`tool_use_id`:`a`,`content`:`x`},{`type`:`text`,`text`:`t`}]},"
            + "{`role`:`system`,`content`:`s`},{`role`:`user`,`content`:[{`type`:`tool_result`,"
            + "`tool_use_id`:`b`,`content`:`y`}]} | {`role`:`assistant`,`content`:null,`tool_calls`:["
            + "{`id`:`a`,`type`:`function`,`function`:{`name`:`f`,`arguments`:`{}`}},{`id`:`b`,"
            + "`type`:`function`,`function`:{`name`:`f`,`arguments`:`{}`}}]},{`role`:`tool`,"
            + "`tool_call_id`:`a`,`content`:`x`},{`role`:`tool`,`tool_call_id`:`b`,`content`:`y`},"
            + "{`role`:`system`,`content`:`s`},{`role`:`user`,`content`:`t`}",
        "plain | {`role`:`assistant`,`content`:[{`type`:`text`,`text`:`a`},{`type`:"
            + "`web_fetch_tool_result`,`tool_use_id`:`i`,`content`:{`url`:`u`}}]} |"
            + " {`role`:`assistant`,`content`:`a\\nu\\n`}",
        "nine | CALLS(toolu_01) {`role`:`user`,`content`:[{`type`:`tool_result`,`tool_use_id`:"
            + "`toolu_01`,`content`:`x`}]} | CALLED(31zntpseu) {`role`:`tool`,`tool_call_id`:"
            + "`31zntpseu`,`content`:`x`}",
        "plain | {`role`:`assistant`,`content`:[{`type`:`thinking`,`thinking`:`t`,`signature`:`s`},"
            + "{`type`:`text`,`text`:`a`}]} | {`role`:`assistant`,`content`:`a`}",
        "deep | {`role`:`assistant`,`content`:[{`type`:`thinking`,`thinking`:`t`,`signature`:`s`},"
            + "{`type`:`text`,`text`:`a`}]} |"
            + " {`role`:`assistant`,`content`:`a`,`reasoning_content`:`t`}",
        "deep | {`role`:`assistant`,`content`:`a`} |"
            + " {`role`:`assistant`,`content`:`a`,`reasoning_content`:``}",
        "router | {`role`:`assistant`,`content`:[{`type`:`thinking`,`thinking`:`t`,`signature`:`s`},"
            + "{`type`:`redacted_thinking`,`data`:`d`},{`type`:`text`,`text`:`a`}]} |"
            + " {`role`:`assistant`,`content`:`a`,`reasoning_details`:[{`type`:`reasoning.text`,"
            + "`text`:`t`,`signature`:`s`,`format`:`anthropic-claude-v1`,`index`:0},{`type`:"
            + "`reasoning.encrypted`,`data`:`d`,`format`:`anthropic-claude-v1`,`index`:1}]}",
        "plain | {`role`:`assistant`,`content`:[{`type`:`server_tool_use`,`id`:`i`,`name`:"
            + "`web_search`,`input`:{}},{`type`:`web_search_tool_result`,`tool_use_id`:`i`,`content`:"
            + "[{`type`:`web_search_result`,`url`:`u`,`title`:`t`,`encrypted_content`:`e`}]},{`type`:"
            + "`text`,`text`:`a`}]} | {`role`:`assistant`,`content`:`u\\nt\\na`}",
        "router | {`role`:`user`,`content`:[{`type`:`text`,`text`:`a`,`cache_control`:{`type`:"
            + "`ephemeral`}}]} | {`role`:`user`,`content`:[{`type`:`text`,`text`:`a`,"
            + "`cache_control`:{`type`:`ephemeral`}}]}"
      })
  void aConversationBecomesOneThatTheUpstreamTakes(
      String profile, String messages, String expected) throws RequestException {
    String model = "anthropic/claude-x";
    assertEquals(
        "{\"model\":\"" + model + "\",\"messages\":[" + expand(expected) + "]}",
        encode(
            PROFILES.getOrDefault(profile, ChatProfile.plain()),
            model,
            "{\"messages\":[" + expand(messages) + "]}"));
  }

  @Test
  void theBillingBlockOfClaudeCodeIsLeftOut() throws RequestException {
    String system =
        "[{\"type\":\"text\",\"text\":\"x-anthropic-billing-header: cc_version=2\"},"
            + "{\"type\":\"text\",\"text\":\"You are\",\"cache_control\":{\"type\":\"ephemeral\"}}]";
    assertEquals(
        "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"You are\"}]}",
        encode(ChatProfile.plain(), "m", "{\"messages\":[],\"system\":" + system + "}"));
  }

  @Test
  void aThreadIsRefusedInTheWordsThatClientsKnow() {
    RequestException refusal =
        assertThrows(
            RequestException.class,
            () ->
                encode(
                    ChatProfile.plain(), "m", "{\"messages\":[],\"thread\":{\"type\":\"create\"}}"));
    assertTrue(refusal.details().contains("\"thread_unsupported_request\""), refusal.details());
  }

  @Test
  void aSignatureOfATurnGoesBackWithItsCall() throws RequestException {
    String history =
        ("{`messages`:[{`role`:`assistant`,`content`:[{`type`:`redacted_thinking`,`data`:`PACKED`},"
                + "{`type`:`tool_use`,`id`:`a`,`name`:`f`,`input`:{}},"
                + "{`type`:`tool_use`,`id`:`b`,`name`:`f`,`input`:{}}]}]}")
            .replace("PACKED", ThoughtSignatures.pack("C+/="))
            .replace('`', '"');
    ChatProfile gemini = PROFILES.getOrDefault("gemini", ChatProfile.plain());
    String signed = encode(gemini, "gemini-3-pro", history);
    assertTrue(
        signed.contains("\"extra_content\":{\"google\":{\"thought_signature\":\"C+/=\"}}},"), signed);
    assertEquals(2, signed.split("thought_signature", -1).length, "the second call has none");
    String unsigned = encode(gemini, "gemini-3-pro", history.replace("redacted_thinking", "x"));
    assertTrue(unsigned.contains("\"skip_thought_signature_validator\""), unsigned);
    String older = encode(gemini, "gemini-2.5-pro", history.replace("redacted_thinking", "x"));
    assertFalse(older.contains("thought_signature"), older);
    String elsewhere = encode(PROFILES.getOrDefault("router", ChatProfile.plain()), "m", history);
    assertFalse(elsewhere.contains("signature"), elsewhere);
  }

  @Test
  void aModelThatNumbersItsCallsReadsItsOwnIds() throws RequestException {
    String body =
        expand("{`messages`:[CALLS(toolu_ccr_ZnVuY3Rpb25zLmY6MA) {`role`:`user`,`content`:`b`}]}");
    assertTrue(
        encode(ChatProfile.plain(), "moonshotai/kimi-k2", body)
            .contains("\"tool_call_id\":\"functions.f:0\""));
  }

  @Test
  void aHistoryOfCallsBringsAToolAlongWhereThatIsWanted() throws RequestException {
    ChatProfile turns = PROFILES.getOrDefault("turns", ChatProfile.plain());
    String called = expand("{`messages`:[CALLS(a) {`role`:`user`,`content`:`b`}]}");
    assertTrue(encode(turns, "m", called).contains("\"name\":\"no_tool\""));
    assertFalse(encode(turns, "m", "{\"messages\":[]}").contains("no_tool"));
  }

  @Test
  void reasoningThatCameFromTheUpstreamGoesBackAsItCame() throws RequestException {
    String detail = "{\"type\":\"reasoning.encrypted\",\"data\":\"q\",\"id\":\"rs_1\"}";
    String history =
        "{\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"redacted_thinking\",\"data\":\""
            + Minted.pack(detail)
            + "\"},{\"type\":\"redacted_thinking\",\"data\":\""
            + Minted.pack("{\"broken\":")
            + "\"},{\"type\":\"text\",\"text\":\"a\"}]}]}";
    String sent = encode(PROFILES.getOrDefault("router", ChatProfile.plain()), "m", history);
    assertTrue(sent.contains("\"reasoning_details\":[" + detail + "]"), sent);
  }
}
