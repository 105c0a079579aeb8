package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.batches.BatchRefusal;
import io.claviger.domain.batches.BatchRefusal.Reason;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.batches.ModelUse;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchScanTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String FILE = "file-0123456789abcdefABCDEF";

  private static String line(String url, String body) {
    return "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"%s\",\"body\":%s}"
        .formatted(url, body);
  }

  private static String chat(String members) {
    return line(CHAT, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]%s}")
        .formatted(members);
  }

  private static String response(String members) {
    return line("/v1/responses", "{\"model\":\"m\",\"input\":\"x\"" + members + "}");
  }

  private static BatchVerdict scan(byte[] file, int step) {
    return scan(Provider.OPENAI, file, step);
  }

  private static BatchVerdict scan(Provider provider, byte[] file, int step) {
    BatchScan scan =
        new BatchScan(WireFormat.OPENAI.api(), provider.caps(), provider == Provider.OPENAI);
    for (int at = 0; at < file.length; at += step) {
      scan.read(file, at, Math.min(file.length, at + step));
    }
    return scan.end();
  }

  private static BatchVerdict scan(String file) {
    return scan(file.getBytes(UTF_8), 8 << 10);
  }

  private static Optional<BatchRefusal> fault(int line, Reason reason) {
    return Optional.of(new BatchRefusal(line, reason));
  }

  @Test
  void only_an_output_maximum_that_the_provider_obeys_is_stated() {
    byte[] newer = chat(",\"max_completion_tokens\":10").getBytes(UTF_8);
    byte[] both = chat(",\"max_tokens\":10,\"max_completion_tokens\":10").getBytes(UTF_8);

    assertThat(scan(Provider.OPENAI, newer, 64).beyond(10)).isEmpty();
    assertThat(scan(Provider.MISTRAL, newer, 64).beyond(10))
        .contains(new BatchVerdict.BeyondOutput(1, 0));
    assertThat(scan(Provider.MISTRAL, both, 64).beyond(10)).isEmpty();
  }

  @Test
  void a_verdict_has_the_operation_the_models_and_what_they_may_answer() {
    String first = chat(",\"max_completion_tokens\":10");
    String second = chat(",\"max_tokens\":20,\"n\":3");
    String other = chat("").replace("\"model\":\"m\"", "\"model\":\"o\"");
    for (String file :
        List.of(
            first + "\n" + second + "\n" + other,
            first + "\r\n" + second + "\r\n" + other + "\r\n",
            first + "\n" + second + "\n" + other + "\n\n \n")) {
      for (int step : List.of(1, 7, 1 << 20)) {
        BatchVerdict verdict = scan(file.getBytes(UTF_8), step);

        assertThat(verdict.fault()).isEmpty();
        assertThat(verdict.requests()).isEqualTo(3);
        assertThat(verdict.path()).isEqualTo("chat/completions");
        assertThat(verdict.firstStored()).isEmpty();
        ModelUse m = verdict.models().getFirst();
        assertThat(m.model()).isEqualTo("m");
        assertThat(m.firstLine()).isEqualTo(1);
        assertThat(m.requests()).isEqualTo(2);
        assertThat(m.output()).isEqualTo(70);
        assertThat(m.answers()).isEqualTo(4);
        assertThat(m.unstated()).isZero();
        assertThat(m.largestOutput()).isEqualTo(60);
        assertThat(m.largestLine()).isEqualTo(2);
        assertThat(m.firstUnbounded()).isZero();
        assertThat(m.reads()).isEqualTo(2);
        assertThat(m.bytes()).isEqualTo(body(first).length() + body(second).length());
        ModelUse o = verdict.models().getLast();
        assertThat(o.firstLine()).isEqualTo(3);
        assertThat(o.unstated()).isEqualTo(1);
        assertThat(o.firstUnstated()).isEqualTo(3);
      }
    }
  }

  @Test
  void a_verdict_has_the_uses_of_tools_with_the_qualities_that_requests_state() {
    String tools = ",\"store\":false,\"max_tool_calls\":%d,\"tools\":[{\"type\":\"%s\"%s}]";
    String preview = tools.formatted(3, "web_search_preview", "");
    String small = tools.formatted(2, "web_search", ",\"search_context_size\":\"low\"");
    String files = tools.formatted(5, "file_search", ",\"vector_store_ids\":[]");
    BatchVerdict verdict =
        scan(String.join("\n", response(preview), response(small), response(files)));

    assertThat(verdict.models().getFirst().tools().uses())
        .isEqualTo(
            FeesUsed.of(new FeePiece(FeeKind.WEB_SEARCH, "preview"), 3)
                .plus(FeesUsed.of(new FeePiece(FeeKind.WEB_SEARCH, "low"), 2))
                .plus(FeesUsed.of(FeeKind.FILE_SEARCH, 5)));
  }

  private static String body(String line) {
    return line.substring(line.indexOf("\"body\":") + 7, line.length() - 1);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = ';',
      textBlock =
          """
          x                                          ; NOT_JSON
          []                                         ; NOT_JSON
          "x"                                        ; NOT_JSON
          1                                          ; NOT_JSON
          {"custom_id":"a"                           ; NOT_JSON
          {}                                         ; MEMBERS
          {"custom_id":1}                            ; MEMBERS
          {"custom_id":null}                         ; MEMBERS
          {"custom_id":"a","custom_id":"b"}          ; MEMBERS
          {"method":"POST","url":"/v1/embeddings","body":{"model":"m","input":"x"}} ; MEMBERS
          {"custom_id":"a","method":"POST","url":"/v1/embeddings"}                  ; MEMBERS
          {"custom_id":"a","method":"POST","url":"/v1/embeddings","body":"x"}       ; MEMBERS
          {"custom_id":"a","method":"POST","url":"/v1/embeddings","body":[]}        ; MEMBERS
          {"custom_id":"a","Custom_Id":"a"}          ; MEMBERS
          {"custom_id":"a","key":"sk"}               ; MEMBERS
          {"custom_id":"a","body":{}}                ; ORDER
          {"method":"GET"}                           ; METHOD
          {"method":"post"}                          ; METHOD
          {"url":"/v1/files"}                        ; URL
          {"url":"/v1/batches"}                      ; URL
          {"url":"/v1/responses/compact"}            ; URL
          {"url":"/v1/chat/completions?x"}           ; URL
          {"url":"chat/completions"}                 ; URL
          {"url":"https://example.com/v1/embeddings"} ; URL
          """)
  void a_line_that_is_no_request_is_found(String planted, Reason reason) {
    plant(planted, chat(""), reason);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = ';',
      textBlock =
          """
          "model":"n"                                ; NO_MODEL
          "Model":"n"                                ; NO_MODEL
          "stream":true                              ; STREAM
          "user":"bob"                               ; IDENTIFIER
          "prompt_cache_key":"k"                     ; IDENTIFIER
          "safety_identifier":"k"                    ; IDENTIFIER
          "User":"bob"                               ; UNCLEAR
          "store":"true"                             ; UNCLEAR
          "store":false,"store":false                ; UNCLEAR
          "file_id":"x"                              ; REFERENCE
          "x":{"y":"file-0123456789abcdefABCDEF"}    ; REFERENCE
          "tools":[{"type":"code_interpreter","container":{"type":"auto"}}] ; REFERENCE
          "input":[{"type":"mcp_approval_response","approval_request_id":"mcpr_1"}] ; REFERENCE
          "file_id":1                                ; UNCLEAR
          "max_tokens":1,"max_completion_tokens":2   ; UNCLEAR
          "max_tokens":-1                            ; UNCLEAR
          """)
  void a_body_that_a_batch_must_not_have_is_found(String planted, Reason reason) {
    plant(chat("," + planted), chat(""), reason);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = ';',
      textBlock =
          """
          "background":true                          ; BACKGROUND
          "previous_response_id":"resp_1"            ; REFERENCE
          "conversation":"conv_1"                    ; REFERENCE
          "prompt":{"id":"pmpt_1"}                   ; REFERENCE
          """)
  void a_response_that_a_batch_must_not_ask_for_is_found(String planted, Reason reason) {
    plant(response("," + planted), response(""), reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\u0000", "a\\u0000b", "a\\nb", "\\u001b[2J", " "})
  void a_model_that_no_model_can_be_called_is_found(String name) {
    plant(chat("").replace("\"m\"", "\"" + name + "\""), chat(""), Reason.NO_MODEL);
  }

  @Test
  void a_file_with_two_urls_is_found() {
    plant(response(""), chat(""), Reason.OTHER_URL, 2);
  }

  private static void plant(String planted, String clean, Reason reason) {
    plant(planted, clean, reason, 1);
  }

  private static void plant(String planted, String clean, Reason reason, int from) {
    assertThat(scan(clean).fault()).isEmpty();
    for (int at = from; at <= 5; at++) {
      List<String> lines = new ArrayList<>(Collections.nCopies(5, clean));
      lines.set(at - 1, planted);
      byte[] file = String.join("\n", lines).getBytes(UTF_8);
      for (int step : List.of(1, 13, file.length)) {
        assertThat(scan(file, step).fault()).as(planted).isEqualTo(fault(at, reason));
      }
    }
  }

  @Test
  void a_reference_in_the_text_of_people_is_no_reference() {
    assertThat(
            scan(line(
                    CHAT,
                    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                        .formatted(FILE)))
                .fault())
        .isEmpty();
  }

  @Test
  void a_response_is_stored_unless_its_body_says_otherwise() {
    String kept = response(",\"store\":false");

    assertThat(scan(kept + "\n" + kept).firstStored()).isEmpty();
    for (String stored : List.of("", ",\"store\":true", ",\"store\":null")) {
      assertThat(scan(kept + "\n" + response(stored) + "\n" + kept).firstStored())
          .isEqualTo(OptionalInt.of(2));
    }
    assertThat(scan(chat("")).firstStored()).isEmpty();
    assertThat(scan(chat(",\"store\":true")).firstStored()).isEqualTo(OptionalInt.of(1));
  }

  @Test
  void a_request_that_asks_for_a_dearer_tier_is_found() {
    plant(
        response(",\"store\":false,\"service_tier\":\"priority\""),
        response(",\"store\":false"),
        Reason.TIER);
    for (String tier : List.of("auto", "default", "flex")) {
      assertThat(scan(response(",\"store\":false,\"service_tier\":\"" + tier + "\"")).fault())
          .isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"tools\":[{\"type\":\"image_generation\",\"model\":\"i\"}]",
        "\"model_name\":\"i\"",
        "\"fallback_model\":\"i\"",
        "\"x\":{\"judge_model\":\"i\"}"
      })
  void a_model_besides_that_of_the_call_is_found(String planted) {
    plant(
        response(",\"store\":false," + planted),
        response(",\"store\":false"),
        Reason.FURTHER_MODELS);
    assertThat(scan(response(",\"store\":false," + planted.replace("\"i\"", "\"m\""))).fault())
        .isEmpty();
  }

  @Test
  void a_tool_that_nobody_knows_is_found_where_tools_are_known() {
    String planted = response(",\"store\":false,\"tools\":[{\"type\":\"memory_search_preview\"}]");
    byte[] file = planted.getBytes(UTF_8);

    assertThat(scan(file, 64).fault()).isEqualTo(fault(1, Reason.TOOL));
    assertThat(scan(Provider.OPENAI_COMPAT, file, 64).fault()).isEmpty();
    assertThat(scan(planted.replace("memory_search_preview", "web_search")).fault()).isEmpty();
  }

  @Test
  void a_name_under_which_a_part_would_be_kept_is_found() {
    plant(
        chat("").replace("\"x\"", "[{\"uuid\":\"a\",\"type\":\"image_url\"}]"),
        chat("").replace("\"x\"", "[{\"type\":\"image_url\"}]"),
        Reason.UNCLEAR);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r", "\u000b", "\u000c", "\ufeff"})
  void a_character_that_some_readers_take_for_the_end_of_a_line_is_found(String end) {
    String clean = chat("");

    assertThat(scan(clean + "\n" + end + clean).fault()).isEqualTo(fault(2, Reason.NOT_JSON));
    assertThat(scan(clean + end + clean).fault()).isEqualTo(fault(1, Reason.NOT_JSON));
    assertThat(scan(clean.replace("{\"model", "{" + end + "\"model")).fault())
        .isEqualTo(fault(1, Reason.NOT_JSON));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\n \r\n\t\n"})
  void an_empty_file_is_no_batch(String file) {
    assertThat(scan(file).fault()).isEqualTo(fault(0, Reason.EMPTY));
  }

  @Tag("thorough")
  @Test
  void more_requests_than_a_batch_may_have_are_found() {
    byte[] line = (chat("") + "\n").getBytes(UTF_8);
    BatchScan enough = new BatchScan(WireFormat.OPENAI.api(), Provider.OPENAI.caps(), true);
    BatchScan tooMany = new BatchScan(WireFormat.OPENAI.api(), Provider.OPENAI.caps(), true);
    for (int i = 0; i < BatchVerdict.MOST_REQUESTS; i++) {
      enough.read(line, 0, line.length);
      tooMany.read(line, 0, line.length);
    }
    tooMany.read(line, 0, line.length);

    assertThat(enough.end().requests()).isEqualTo(BatchVerdict.MOST_REQUESTS);
    assertThat(tooMany.end().fault())
        .isEqualTo(fault(BatchVerdict.MOST_REQUESTS + 1, Reason.TOO_MANY));
  }

  @Tag("slow")
  @Test
  void a_line_that_is_too_long_is_found() {
    String text = "x".repeat(1 << 20);
    StringBuilder longest = new StringBuilder();
    for (int i = 0; i < 17; i++) {
      longest.append(text);
    }
    String line = chat("").replace("\"x\"", "\"" + longest + "\"");

    assertThat(scan(chat("") + "\n" + line).fault()).isEqualTo(fault(2, Reason.TOO_LONG));
    assertThat(scan(" ".repeat(17 << 20)).fault()).isEqualTo(fault(1, Reason.TOO_LONG));
    assertThat(scan(line.replace(text + text, "")).fault()).isEmpty();
  }

  @Test
  void a_file_may_not_name_too_many_models() {
    StringBuilder file = new StringBuilder();
    for (int i = 0; i <= BatchVerdict.MOST_MODELS; i++) {
      file.append(chat("").replace("\"m\"", "\"m" + i + "\"")).append('\n');
    }

    assertThat(scan(file.toString()).fault())
        .isEqualTo(fault(BatchVerdict.MOST_MODELS + 1, Reason.TOO_MANY_MODELS));
  }

  @Test
  void a_scan_that_has_found_a_fault_reads_nothing_more() {
    BatchScan scan = new BatchScan(WireFormat.OPENAI.api(), Provider.OPENAI.caps(), true);
    byte[] file = ("%PDF-1.7\n" + chat("")).getBytes(UTF_8);
    scan.read(file, 0, 3);

    assertThat(scan.isOver()).isTrue();
    scan.read(file, 3, file.length);
    assertThat(scan.end().fault()).isEqualTo(fault(1, Reason.NOT_JSON));
  }
}
