package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.standards.WireFormat;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonUseScanTest {
  private static final String CHAT = "chat/completions";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI | chat/completions | {`max_tokens`:7} | 7",
        "OPENAI | chat/completions | {`max_completion_tokens`:7} | 7",
        "OPENAI | chat/completions | {`max_tokens`:null,`max_completion_tokens`:7} | 7",
        "OPENAI | chat/completions | {`max_tokens`:5,`max_completion_tokens`:7} | 7",
        "OPENAI | chat/completions | {`max_output_tokens`:7} | -1",
        "OPENAI | v1/chat/completions | {`max_tokens`:7} | 7",
        "OPENAI | completions | {`max_tokens`:7} | 7",
        "OPENAI | completions | {`max_completion_tokens`:7} | -1",
        "OPENAI | responses | {`max_output_tokens`:7} | 7",
        "OPENAI | responses/compact | {`max_output_tokens`:7} | 7",
        "OPENAI | responses | {`max_tokens`:7} | -1",
        "ANTHROPIC | v1/messages | {`max_tokens`:7} | 7",
        "COHERE | v2/chat | {`max_tokens`:7} | 7",
        "OLLAMA | api/chat | {`options`:{`num_predict`:7}} | 7",
        "OLLAMA | api/chat | {`options`:{`num_predict`:-1}} | -1",
        "OLLAMA | api/chat | {`num_predict`:7} | -1",
        "GEMINI | v1beta/models/m:generateContent | {`generationConfig`:{`maxOutputTokens`:7}} | 7",
        "GEMINI | v1beta/models/m:generateContent | {`generation_config`:{`max_output_tokens`:7}} |"
            + " 7",
        "GEMINI | v1beta/models/m:generateContent | {`generationConfig`:{`maxOutputTokens`:`7`}} |"
            + " 7",
        "GEMINI | v1beta/models/m:generateContent | {`maxOutputTokens`:7} | -1"
      })
  void the_largest_output_is_read_where_the_provider_reads_it(
      WireFormat format, String path, String body, long output) {
    OptionalLong stated = read(format, path, body).statedOutput();

    assertThat(stated.orElse(-1)).isEqualTo(output);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{`max_tokens`:5,`max_tokens`:9} | 9",
        "{`max_tokens`:9,`max_tokens`:5} | 9",
        "{`max_tokens`:5,`max_tokens`:null} | -1",
        "{`max_tokens`:5,`max_tokens`:`many`} | -1",
        "{`max_tokens`:5,`MAX_TOKENS`:9} | 9",
        "{`max_tokens`:5,`maxTokens`:null} | -1",
        "{`MAX_TOKENS`:9} | -1",
        "{`max_tok\\u0065ns`:9} | 9",
        "{`max_tokens`:9.5} | 10",
        "{`max_tokens`:1e3} | -1",
        "{`max_tokens`:-4} | -1",
        "{`max_tokens`:[9]} | -1",
        "{`max_tokens`:{}} | -1",
        "{`max_tokens`:true} | -1",
        "{`max_tokens`:99999999999999999999999999} | 922337203685477579",
        "{`a`:{`max_tokens`:9}} | -1"
      })
  void of_several_readings_the_dearest_counts(String body, long output) {
    assertThat(read(body).statedOutput().orElse(-1)).isEqualTo(output);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI | chat/completions | {`n`:3} | 3",
        "OPENAI | chat/completions | {`n`:`3`} | 3",
        "OPENAI | chat/completions | {`n`:3,`n`:2} | 3",
        "OPENAI | chat/completions | {`N`:3} | 3",
        "OPENAI | chat/completions | {`n`:null} | 1",
        "OPENAI | chat/completions | {`n`:0} | 1",
        "OPENAI | completions | {`n`:2,`best_of`:5} | 5",
        "OPENAI | completions | {`n`:2,`prompt`:[`a`,`b`,`c`]} | 6",
        "OPENAI | completions | {`prompt`:[1,2,3]} | 1",
        "OPENAI | completions | {`prompt`:[[1,2],[3]]} | 2",
        "OPENAI | images/generations | {`n`:4} | 4",
        "COHERE | v1/generate | {`num_generations`:4} | 4",
        "GEMINI | models/m:generateContent | {`generationConfig`:{`candidateCount`:4}} | 4"
      })
  void answers_are_counted(WireFormat format, String path, String body, int answers) {
    assertThat(read(format, path, body).answers()).isEqualTo(answers);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{`previous_response_id`:`resp_1`}",
        "{`conversation`:{`id`:`conv_1`}}",
        "{`cachedContent`:`cachedContents/1`}",
        "{`prompt`:{`id`:`pmpt_1`}}",
        "{`messages`:[{`content`:[{`image_url`:{`url`:`https://x/1.png`}}]}]}",
        "{`messages`:[{`content`:[{`type`:`image`,`source`:{`type`:`base64`,`data`:`AA`}}]}]}",
        "{`contents`:[{`parts`:[{`fileData`:{`fileUri`:`x`}}]}]}",
        "{`contents`:[{`parts`:[{`inline_data`:{`data`:`AA`}}]}]}",
        "{`input`:[{`content`:[{`type`:`input_file`,`file_id`:`file-1`}]}]}",
        "{`input`:[{`type`:`item_reference`,`id`:`msg_1`}]}",
        "{`input`:[{`type`:`reasoning`,`id`:`rs_1`,`summary`:[]}]}",
        "{`messages`:[{`images`:[`AA`]}]}"
      })
  void references_to_what_the_body_does_not_hold_are_found(String body) {
    assertThat(read(WireFormat.OPENAI, "responses", body).refersElsewhere()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{`previous_response_id`:null,`conversation`:null,`container`:null}",
        "{`messages`:[{`content`:`image_url file_id`}]}",
        "{`messages`:[{`images`:[]}]}",
        "{`tools`:[{`type`:`function`,`function`:{`parameters`:{`properties`:{`file_id`:{}}}}}]}",
        "{`input`:[{`type`:`reasoning`,`id`:`rs_1`,`encrypted_content`:`AA`}]}",
        "{`messages`:[{`content`:[{`type`:`text`,`source`:`a book`}]}]}"
      })
  void other_bodies_hold_all_that_is_read(String body) {
    assertThat(read(WireFormat.OPENAI, "responses", body).refersElsewhere()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI | {`tools`:[{`type`:`function`},{`type`:`custom`}]} | false | 1",
        "OPENAI | {`tools`:[{`type`:`web_search`}]} | true | 1",
        "OPENAI | {`tools`:[{`type`:`web_search`}],`max_tool_calls`:4} | false | 5",
        "OPENAI | {`tools`:[{`type`:`web_search`}],`max_tool_calls`:null} | true | 1",
        "OPENAI | {`tools`:[{`type`:`function`,`type`:`web_search`}]} | true | 1",
        "OPENAI | {`web_search_options`:{}} | true | 1",
        "OPENAI | {`web_search_options`:null} | false | 1",
        "OPENAI | {`plugins`:[]} | false | 1",
        "OPENAI | {`plugins`:[{`id`:`web`}]} | true | 1",
        "OPENAI | {`tools`:null} | false | 1",
        "OPENAI | {`tools`:{`type`:`function`}} | true | 1",
        "ANTHROPIC | {`tools`:[{`name`:`a`},{`type`:`bash_20250124`}]} | false | 1",
        "ANTHROPIC | {`tools`:[{`type`:`web_search_20250305`,`max_uses`:3}]} | false | 4",
        "ANTHROPIC | {`tools`:[{`type`:`web_search_20250305`}]} | true | 1",
        "ANTHROPIC | {`tools`:[{`max_uses`:3,`max_uses`:null,`type`:`web_fetch_1`}]} | true | 1",
        "ANTHROPIC | {`tools`:[{`type`:`a_1`,`max_uses`:2},{`type`:`b_1`,`max_uses`:3}]} | false |"
            + " 6",
        "ANTHROPIC | {`mcp_servers`:[{`url`:`x`}]} | true | 1",
        "GEMINI | {`tools`:[{`functionDeclarations`:[{}]}]} | false | 1",
        "GEMINI | {`tools`:[{`googleSearch`:{}}]} | true | 1",
        "COHERE | {`connectors`:[{`id`:`web-search`}]} | true | 1"
      })
  void tools_of_the_provider_are_told_from_those_of_the_caller(
      WireFormat format, String body, boolean unbounded, int rounds) {
    RequestedUse use = read(format, "responses", body);

    assertThat(use.unboundedTools()).isEqualTo(unbounded);
    assertThat(use.unboundedTools() ? 1 : use.rounds()).isEqualTo(rounds);
    assertThat(use.refersElsewhere()).isEqualTo(unbounded || rounds > 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "7",
        "{`a`:1",
        "{`model`:`a`,`model`:`b`}",
        "{`Model`:`a`}",
        "{`model`:7}",
        "{`n`:1e3}",
        "{`n`:`many`}",
        "{`n`:[1]}",
        "{`n`:99999999}",
        "{`background`:true}"
      })
  void a_body_of_which_no_reading_is_the_dearest_is_not_readable(String body) {
    assertThat(scanned(WireFormat.OPENAI, CHAT, body, body.length())).isEmpty();
  }

  @Test
  void it_reads_the_same_however_the_body_is_split() {
    String body =
        json(
            "{`model`:`m`,`prompt`:[`a`,`b`],`n`:`2`,`max_tokens`:12,`images`:[`x`],`stream`:true}");
    for (int split = 0; split <= body.length(); split++) {
      RequestedUse use = scanned(WireFormat.OPENAI, "completions", body, split).orElseThrow();

      assertThat(use.model().name()).isEqualTo("m");
      assertThat(use.statedOutputInAll()).hasValue(48);
      assertThat(use.refersElsewhere()).isTrue();
      assertThat(use.streams()).isTrue();
      assertThat(use.outputField()).contains("max_tokens");
    }
  }

  @Test
  void several_models_are_none_that_is_known() {
    assertThat(read("{`model`:`a`,`models`:[`a`,`b`]}").model().isKnown()).isFalse();
    assertThat(read("{`model`:`a`,`models`:[]}").model().name()).isEqualTo("a");
  }

  @Test
  void the_model_of_the_path_counts() {
    JsonUseScan scan =
        new JsonUseScan(
            UseFields.of(WireFormat.GEMINI, "v1beta/models/m:generateContent"),
            OperationKind.TEXT,
            Optional.of("m"));
    feed(scan, json("{`model`:`models/other`}"), 3);

    assertThat(scan.use(24).orElseThrow().model().name()).isEqualTo("m");
  }

  private static RequestedUse read(String body) {
    return read(WireFormat.OPENAI, CHAT, body);
  }

  private static RequestedUse read(WireFormat format, String path, String body) {
    return scanned(format, path, body, body.length() / 2).orElseThrow();
  }

  private static Optional<RequestedUse> scanned(
      WireFormat format, String path, String body, int split) {
    JsonUseScan scan =
        new JsonUseScan(
            UseFields.of(format, path), OperationKind.of("POST", path), Optional.empty());
    feed(scan, json(body), split);
    return scan.use(body.length());
  }

  private static void feed(JsonUseScan scan, String body, int split) {
    byte[] bytes = body.getBytes(UTF_8);
    scan.read(bytes, 0, split);
    scan.read(bytes, split, bytes.length);
    scan.end();
  }

  private static String json(String body) {
    return body.replace('`', '"');
  }
}
