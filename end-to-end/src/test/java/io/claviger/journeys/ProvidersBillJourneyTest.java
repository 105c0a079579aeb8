package io.claviger.journeys;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.reducing;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.stub.ProviderLedger;
import io.claviger.stub.ProviderLedger.Entry;
import io.claviger.stub.ProviderLedger.Price;
import io.claviger.testkit.http.TestClient;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What calls cost at Claviger is what the provider bills, to the nano-dollar. */
@Order(2)
class ProvidersBillJourneyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int ROUNDS = 6;

  /** Dollars for a million tokens; each token costs whole nano-dollars. */
  private static final Map<String, String> RATES =
      Map.of(
          "input", "2.5",
          "cached_input", "0.25",
          "cache_write_5m", "3.125",
          "cache_write_1h", "5",
          "output", "10",
          "audio_input", "40",
          "audio_output", "80");

  private static final Map<String, String> FLEX =
      Map.of("input", "1.25", "cached_input", "0.125", "output", "5");

  private static final Map<String, String> PRIORITY =
      Map.of("input", "5", "cached_input", "0.5", "output", "20");

  /** The rates of calls with more than 200,000 tokens of input. */
  private static final Map<String, String> LONG =
      Map.of("input", "7", "cached_input", "0.7", "output", "21");

  private static final Map<String, String> FEES =
      Map.of(
          "web_search", "0.01",
          "file_search", "0.0025",
          "code_interpreter", "0.03",
          "computer_use", "0.05",
          "grounding", "0.035",
          "search", "0.002",
          "page", "0.001",
          "image high/1024x1536", "0.25",
          "image", "0.04");

  private static final Set<String> BY_THE_PIECE = Set.of("ranker", "reader", "whisper-1");

  private static final String MESSAGES =
      "{\"model\":\"%s\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}";

  private static final String CONTENTS =
      "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"%s\"}]}]%s}";

  @AutoClose private static final HttpClient HTTP = HttpClient.newHttpClient();

  @AutoClose private final Journey journey = new Journey();
  private final Node node = journey.startNode();
  private final Api alice = journey.user(node, "alice");
  private final Random random = new Random(34);
  private final Set<String> priced = new HashSet<>();

  /** The names of Claviger's rates in the stub's bill. */
  private static Map<String, BigDecimal> billed(Map<String, String> rates) {
    Map<String, String> names =
        Map.of(
            "cached_input", "cached",
            "cache_write_5m", "written_5m",
            "cache_write_1h", "written_1h",
            "audio_input", "audio_in",
            "audio_output", "audio_out");
    Map<String, BigDecimal> billed = new HashMap<>();
    rates.forEach((name, rate) -> billed.put(names.getOrDefault(name, name), new BigDecimal(rate)));
    return billed;
  }

  /** The price of models that are charged by the piece. */
  private static Price priceOfPieces() {
    return Price.of(Map.of(), Map.of(), price().fees());
  }

  private static Price price() {
    Map<String, BigDecimal> fees = new HashMap<>(billed(FEES));
    fees.put("audio_second", new BigDecimal("0.0001"));
    return new Price(
        billed(RATES),
        Map.of("flex", billed(FLEX), "priority", billed(PRIORITY)),
        200_000,
        billed(LONG),
        fees);
  }

  private static Map<String, Object> content(boolean hasTokens) {
    List<Map<String, Object>> fees = new ArrayList<>();
    FEES.forEach(
        (name, amount) -> {
          String[] parts = name.split(" ");
          Map<String, Object> fee = new HashMap<>(Map.of("what", parts[0], "amount", amount));
          if (parts.length > 1) {
            fee.put("quality", parts[1]);
          }
          fees.add(fee);
        });
    fees.add(Map.of("what", "audio_minute", "amount", "0.006", "per", 1));
    Map<String, Object> content = new HashMap<>(Map.of("valid_from", "2026-01-01", "fees", fees));
    if (hasTokens) {
      Map<String, Object> threshold = new HashMap<>(LONG);
      threshold.put("above", 200_000);
      content.putAll(RATES);
      content.put("tiers", Map.of("flex", FLEX, "priority", PRIORITY));
      content.put("thresholds", List.of(threshold));
    }
    return content;
  }

  private void make(String standard, String base) {
    Map<String, Object> service = new HashMap<>();
    service.put("api_standard", standard);
    service.put("endpoint", journey.provider().baseUrl() + base);
    service.put("model", "usual");
    if (!standard.equals("ollama")) {
      service.put("api_key", journey.key("alice/" + standard));
    }
    if (standard.equals("openai")) {
      service.put("stream_usage", true);
    }
    alice.put("/v1/llm-services/alice/" + standard, service).isStatus(201);
  }

  private void price(String standard, String model) {
    if (priced.add(model)) {
      boolean hasTokens = !BY_THE_PIECE.contains(model);
      alice
          .put("/v1/llm-services/alice/" + standard + "/prices?model=" + model, content(hasTokens))
          .isStatus(201);
      journey.provider().ledger().setPrice(model, hasTokens ? price() : priceOfPieces());
    }
  }

  /** Calls a separate model for each kind of call, so that each kind has a separate sum. */
  private void call(String standard, String path, String model, String body, String... headers) {
    price(standard, model);
    String[] all = new String[headers.length + 4];
    all[0] = "Authorization";
    all[1] = "Bearer " + alice.token();
    all[2] = "anthropic-version";
    all[3] = "2023-06-01";
    System.arraycopy(headers, 0, all, 4, headers.length);
    TestClient.of(alice.gateway())
        .send(
            "POST",
            "/gateway/services/alice/" + standard + "/" + path,
            BodyPublishers.ofString(body),
            all)
        .isStatus(200);
  }

  private void callInJson(String standard, String path, String model, String body) {
    call(standard, path, model, body, "Content-Type", "application/json");
  }

  private String stream() {
    return random.nextBoolean() ? ",\"stream\":true" : "";
  }

  /**
   * A prompt that says what the stub states, with some of these parts.
   *
   * @param isLong whether it may have so much input that other rates count
   */
  private String prompt(boolean isLong, String... parts) {
    StringBuilder prompt = new StringBuilder("x".repeat(random.nextInt(400)) + " stub:usage");
    boolean isLonger = isLong && random.nextInt(3) == 0;
    prompt.append(" cached=").append(isLonger ? 250_000 : random.nextInt(5_000));
    for (String part : parts) {
      prompt.append(' ').append(part).append('=').append(random.nextInt(5));
    }
    return prompt.toString();
  }

  private void chats(String tier) {
    boolean isUsual = tier.equals("default");
    String asked = stream() + ",\"service_tier\":\"" + tier + "\"";
    callInJson(
        "openai",
        "chat/completions",
        "chat-" + tier,
        MESSAGES.formatted(
            "chat-" + tier,
            prompt(isUsual, "reasoning", "audio_in", "audio_out", "web_search", "audio_second"),
            asked));
    callInJson(
        "openai",
        "responses",
        "response-" + tier,
        "{\"model\":\"response-%s\",\"input\":\"%s\"%s}"
            .formatted(
                tier,
                prompt(
                    isUsual,
                    "web_search",
                    "open_page",
                    "file_search",
                    "code_interpreter",
                    "computer_use",
                    "image"),
                asked));
    callInJson(
        "gemini",
        "v1beta/models/gemini-3-%s:%s"
            .formatted(
                tier, random.nextBoolean() ? "generateContent" : "streamGenerateContent?alt=sse"),
        "gemini-3-" + tier,
        CONTENTS.formatted(
            prompt(isUsual, "reasoning", "audio_in", "grounding"),
            ",\"serviceTier\":\"" + tier + "\""));
  }

  /** Asks for responses over a WebSocket, one after the other. */
  private void converse(String... tiers) {
    String url = alice.gateway() + "/gateway/services/alice/openai/responses";
    Responses responses = new Responses();
    WebSocket socket =
        HTTP.newWebSocketBuilder()
            .header("Authorization", "Bearer " + alice.token())
            .buildAsync(URI.create(url.replaceFirst("http", "ws")), responses)
            .join();
    for (int i = 0; i < tiers.length; i++) {
      int before = i;
      String model = "conversed-" + tiers[i];
      price("openai", model);
      String said =
          prompt(tiers[i].equals("default"), "reasoning", "web_search", "file_search", "image");
      WebSocket unused =
          socket
              .sendText(
                  "{\"type\":\"response.create\",\"model\":\"%s\",\"input\":\"%s\",\"service_tier\":\"%s\"}"
                      .formatted(model, said, tiers[i]),
                  true)
              .join();
      Eventually.holds(PATIENCE, () -> responses.completed.get() == before + 1);
    }
    socket.abort();
  }

  /** Counts responses that are complete. */
  private static final class Responses implements WebSocket.Listener {
    final AtomicInteger completed = new AtomicInteger();
    private final StringBuilder begun = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      begun.append(data);
      if (last) {
        if (begun.indexOf("\"response.completed\"") >= 0) {
          completed.incrementAndGet();
        }
        begun.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedStage(null);
    }
  }

  private void others() {
    callInJson(
        "openai",
        "chat/completions",
        "gpt-4o-search-preview",
        MESSAGES.formatted("gpt-4o-search-preview", prompt(true), stream()));
    callInJson(
        "gemini",
        "v1beta/models/gemini-2.5-pro:generateContent",
        "gemini-2.5-pro",
        CONTENTS.formatted(prompt(true, "grounding"), ""));
    String written = prompt(true, "written_5m", "written_1h", "web_search", "web_fetch");
    callInJson(
        "anthropic", "v1/messages", "claude", MESSAGES.formatted("claude", written, stream()));
    callInJson(
        "anthropic",
        "v1/messages",
        "claude-priority",
        MESSAGES.formatted("claude-priority", "stub:tier priority " + prompt(false), stream()));
    callInJson(
        "cohere", "v2/chat", "command", MESSAGES.formatted("command", prompt(true), stream()));
    callInJson("ollama", "api/chat", "llama", MESSAGES.formatted("llama", "hello", stream()));
    callInJson("openai", "embeddings", "embedder", "{\"model\":\"embedder\",\"input\":\"abc\"}");
    callInJson(
        "cohere",
        "v2/rerank",
        "ranker",
        "{\"model\":\"ranker\",\"query\":\"q\",\"documents\":[\"a\",\"b\"]}");
    callInJson(
        "openai",
        "images/generations",
        "painter",
        "{\"model\":\"painter\",\"prompt\":\"a\",\"n\":2,\"quality\":\"high\",\"size\":\"1024x1536\"}");
    callInJson("openai", "ocr", "reader", "{\"model\":\"reader\",\"pages\":[0,1,2]}");
    call(
        "openai",
        "audio/transcriptions",
        "whisper-1",
        "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n--b\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"a.mp3\"\r\n\r\n"
            + "x".repeat(1 + random.nextInt(9_000))
            + "\r\n--b--\r\n",
        "Content-Type",
        "multipart/form-data; boundary=b");
  }

  @Test
  void mixed_calls_cost_what_the_provider_bills_for_each_model_tier_and_fee() {
    make("openai", "/v1");
    for (String standard : List.of("anthropic", "gemini", "cohere", "ollama")) {
      make(standard, "");
    }
    for (int i = 0; i < ROUNDS; i++) {
      List.of("default", "flex", "priority").forEach(this::chats);
      converse("default", "flex", "priority");
      others();
    }

    List<Entry> entries = journey.provider().ledger().entries();
    Map<String, String> bill = new TreeMap<>();
    entries.stream()
        .collect(
            groupingBy(
                each -> each.model() + "/" + each.tier(),
                reducing(BigDecimal.ZERO, Entry::dollars, BigDecimal::add)))
        .forEach(
            (model, dollars) ->
                bill.put(model, dollars.movePointRight(9).stripTrailingZeros().toPlainString()));
    assertThat(bill.values()).noneMatch(nanos -> nanos.equals("0") || nanos.contains("."));
    assertThat(entries.stream().map(Entry::tier)).contains("standard", "flex", "priority");
    assertThat(entries.stream().flatMap(each -> each.fees().stream()).map(ProviderLedger.Fee::what))
        .contains("web_search", "file_search", "code_interpreter", "computer_use", "image")
        .contains("grounding", "search", "page", "audio_second");

    Eventually.holds(PATIENCE, () -> requests() == entries.size());
    Map<String, String> costs = new TreeMap<>();
    journey
        .column(
            "select split_part(model, chr(31), 1) || '/' || coalesce(nullif("
                + "split_part(model, chr(31), 3), ''), 'standard') || ' ' || sum(cost)"
                + " from usage_daily group by model")
        .forEach(line -> costs.put(line.split(" ")[0], line.split(" ")[1]));
    assertThat(costs).isEqualTo(bill);
    assertThat(journey.column("select sum(disputed_requests) from usage_daily"))
        .containsExactly("0");
  }

  private long requests() {
    return Long.parseLong(
        journey.column("select coalesce(sum(requests), 0) from usage_daily").get(0));
  }
}
