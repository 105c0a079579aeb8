package io.claviger.stub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.claviger.stub.ProviderLedger.Entry;
import io.claviger.stub.ProviderLedger.Fee;
import io.claviger.stub.ProviderLedger.Price;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ProviderLedgerTest {
  private static final String CHAT =
      "{\"model\": \"%s\", \"messages\": [{\"role\": \"user\", \"content\": \"%s\"}]%s}";

  @AutoClose
  private final StubProvider stub =
      StubProvider.start(StubOptions.defaults().batchTime(Duration.ZERO));

  @AutoClose private final Caller caller = new Caller(stub);

  private Entry last() {
    List<Entry> all = stub.ledger().entries();
    return all.get(all.size() - 1);
  }

  @Test
  void what_an_answer_states_is_billed() {
    JsonNode usage =
        caller
            .json(
                "/v1/chat/completions",
                CHAT.formatted("m", "stub:usage cached=100 reasoning=7 audio_in=5", ""),
                "authorization",
                "Bearer k-1")
            .get("usage");

    assertThat(last().key()).isEqualTo("k-1");
    assertThat(last().keyId()).startsWith("key_").doesNotContain("k-1");
    assertThat(last().tier()).isEqualTo("standard");
    assertThat(last().tokens("cached")).isEqualTo(100);
    assertThat(last().tokens("input") + last().tokens("cached"))
        .isEqualTo(usage.get("prompt_tokens").longValue());
    assertThat(last().tokens("output")).isEqualTo(usage.get("completion_tokens").longValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/chat/completions | , \"service_tier\": \"flex\" | hi | flex | /service_tier | flex",
        "/v1/chat/completions | , \"service_tier\": \"auto\" | hi | standard | /service_tier | default",
        "/v1/chat/completions | , \"service_tier\": \"flex\" | stub:tier priority | priority | /service_tier | priority",
        "/v1/messages | , \"service_tier\": \"auto\" | stub:tier priority | priority | /usage/service_tier | priority",
        "/v1/messages | , \"service_tier\": \"standard_only\" | hi | standard | /usage/service_tier | standard"
      })
  void the_tier_that_answers_is_stated_and_billed(
      String path, String asked, String said, String billed, String place, String stated) {
    JsonNode answer = caller.json(path, CHAT.formatted("m", said, asked));

    assertThat(answer.at(place).asString()).isEqualTo(stated);
    assertThat(last().tier()).isEqualTo(billed);
  }

  @Test
  void runs_of_tools_are_items_of_a_response_and_fees() {
    String body =
        "{\"model\": \"m\", \"input\": \"stub:usage web_search=2 open_page=3 code_interpreter=1 image=1 image_read=70\"%s}";
    JsonNode output = caller.json("/v1/responses", body.formatted("")).get("output");

    assertThat(output).hasSize(8);
    assertThat(last().fees())
        .containsExactlyInAnyOrder(
            new Fee("web_search", "", 2),
            new Fee("code_interpreter", "", 1),
            new Fee("image", "high/1024x1536", 1),
            new Fee("image_read", "", 70));
    Entry whole = last();

    assertThat(caller.post("/v1/responses", body.formatted(", \"stream\": true")).body())
        .contains("web_search_call", "open_page");
    assertThat(last().fees()).isEqualTo(whole.fees());
    assertThat(last().tokens()).isEqualTo(whole.tokens());
  }

  @Test
  void gemini_bills_queries_or_prompts() {
    String body =
        "{\"contents\": [{\"parts\": [{\"text\": \"stub:usage grounding=3\"}]}], \"serviceTier\": \"flex\"}";
    JsonNode answer = caller.json("/v1beta/models/gemini-3-pro:generateContent", body);

    assertThat(answer.at("/candidates/0/groundingMetadata/webSearchQueries")).hasSize(5);
    assertThat(answer.at("/usageMetadata/serviceTier").asString()).isEqualTo("flex");
    assertThat(last().fees()).containsExactly(new Fee("grounding", "", 3));

    assertThat(caller.post("/v1beta/models/gemini-2.5-pro:generateContent", body).status())
        .isEqualTo(200);
    assertThat(last().fees()).containsExactly(new Fee("grounding", "", 1));
  }

  @Test
  void media_and_ranks_are_billed_by_the_piece() {
    String documents = "\"d\", ".repeat(100) + "\"d\"";
    caller.post("/v1/rerank", "{\"query\": \"q\", \"documents\": [%s]}".formatted(documents));
    caller.post("/v1/ocr", "{\"model\": \"o\", \"pages\": [0, 1, 2]}");
    caller.post("/v1/audio/speech", "{\"model\": \"s\", \"input\": \"abcd\"}");
    caller.upload("/v1/audio/transcriptions", "file", "a", "x".repeat(5_000), "model", "whisper-1");
    caller.post("/v1/images/generations", "{\"prompt\": \"a\", \"n\": 2, \"quality\": \"high\"}");
    caller.post("/v1/embeddings", "{\"model\": \"e\", \"input\": \"abcdefgh\"}");

    assertThat(stub.ledger().entries())
        .extracting(Entry::kind, Entry::fees)
        .containsExactly(
            tuple("rerank", List.of(new Fee("search", "", 2))),
            tuple("ocr", List.of(new Fee("page", "", 3))),
            tuple("audio_speeches", List.of(new Fee("character", "", 4))),
            tuple("audio_transcriptions", List.of(new Fee("audio_second", "", 6))),
            tuple("images", List.of(new Fee("image", "high/1024x1024", 2))),
            tuple("embeddings", List.of()));
    assertThat(last().tokens("input")).isEqualTo(3);
  }

  @Test
  void a_script_lies_about_usage_and_model_but_not_in_the_bill() {
    String lie =
        "stub:answers-as other stub:states {\\\"prompt_tokens\\\": -5, \\\"prompt_tokens\\\": 1e9} end";
    String answer = caller.post("/v1/chat/completions", CHAT.formatted("m", lie, "")).body();

    assertThat(answer)
        .contains("\"model\": \"other\"", "{\"prompt_tokens\": -5, \"prompt_tokens\": 1e9}");
    assertThat(last().model()).isEqualTo("other");
    assertThat(last().tokens("input")).isPositive();
  }

  @Test
  void the_price_of_the_moment_counts_for_tier_length_and_fees() {
    BigDecimal two = BigDecimal.valueOf(2);
    Price price =
        new Price(
            Map.of("input", BigDecimal.ONE, "cached", new BigDecimal("0.1"), "output", two),
            Map.of("flex", Map.of("input", new BigDecimal("0.5"), "output", BigDecimal.ONE)),
            1_000,
            Map.of("input", two),
            Map.of("image", new BigDecimal("0.01"), "image high/1x1", new BigDecimal("0.03")));
    Map<String, Long> tokens =
        Map.of("input", 100L, "cached", 50L, "written_1h", 10L, "output", 20L);

    assertThat(price.cost("standard", tokens, List.of())).isEqualByComparingTo("0.000155");
    assertThat(price.cost("batch", tokens, List.of())).isEqualByComparingTo("0.0000775");
    assertThat(price.cost("flex", tokens, List.of())).isEqualByComparingTo("0.00008");
    assertThat(price.cost("standard", Map.of("input", 1_001L, "output", 1L), List.of()))
        .isEqualByComparingTo("0.002004");
    assertThat(
            price.cost(
                "standard",
                Map.of(),
                List.of(new Fee("image", "low/1x1", 2), new Fee("image", "high/1x1", 1))))
        .isEqualByComparingTo("0.05");

    stub.ledger().setClock(InstantSource.fixed(Instant.EPOCH));
    caller.post("/v1/embeddings", "{\"model\": \"e\", \"input\": \"abcdefgh\"}");
    stub.ledger().setPrice("e", price);
    caller.post("/v1/embeddings", "{\"model\": \"e\", \"input\": \"abcdefgh\"}");

    List<Entry> entries = stub.ledger().entries();
    assertThat(entries).extracting(Entry::at).containsExactly(Instant.EPOCH, Instant.EPOCH);
    assertThat(entries.get(0).dollars()).isEqualByComparingTo("0.000006");
    assertThat(entries.get(1).dollars()).isEqualByComparingTo("0.000003");
  }

  @Test
  void lines_of_batches_are_billed_in_their_tier() {
    String line =
        "{\"custom_id\": \"1\", \"url\": \"/v1/chat/completions\", \"body\": %s}"
            .formatted(CHAT.formatted("m", "hi", ""));
    String file =
        Caller.json(caller.upload("/v1/files", "file", "l.jsonl", line, "purpose", "batch"))
            .get("id")
            .asString();
    caller.post(
        "/v1/batches",
        "{\"input_file_id\": \"%s\", \"endpoint\": \"/v1/chat/completions\", \"completion_window\": \"24h\"}"
            .formatted(file));
    caller.get("/v1/batches");

    assertThat(last().tier()).isEqualTo("batch");
    assertThat(last().tokens("input")).isPositive();
  }
}
