package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.stub.ProviderLedger.Entry;
import io.claviger.stub.ProviderLedger.Price;
import io.claviger.testkit.Race;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batches of borrowers are reserved, charged and counted as the provider bills them, once. */
@Order(2)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BatchesJourneyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String SERVICE = "alice/lent";
  private static final String OF_THIS_TEST = " instance_id in (select id from instances)";
  private static final String CHATS = "/v1/chat/completions";

  @AutoClose private final Journey journey = new Journey();
  private final Node node = journey.startNode();
  private final Node other = journey.startNode();
  private Api alice = journey.root(node);
  private Api bob = alice;
  private String key = "";
  private double billedBefore;

  @BeforeEach
  void lend() {
    journey.startOver(node);
    alice = journey.user(node, "alice");
    bob = journey.user(node, "bob");
    key = journey.key(SERVICE);
    billedBefore = journey.provider().billedTokens(key);
    journey.service(alice, SERVICE);
    alice
        .patch("/v1/llm-services/" + SERVICE, Map.of("storage", List.of("files", "batches")))
        .isStatus(200);
    for (String model : List.of("parrot-large", "parrot-small")) {
      alice
          .put(
              "/v1/llm-services/" + SERVICE + "/prices?model=" + model,
              Map.of("valid_from", "2026-01-01", "input", "2", "output", "2"))
          .isStatus(201);
    }
  }

  private void lendTo(Map<String, ?> limits) {
    alice
        .put(
            "/v1/llm-services/" + SERVICE + "/shares/bob",
            Map.of("role", "reader", "limits", limits))
        .isStatus(201);
  }

  private static Map<String, ?> budget(String amount, String unit, String bound) {
    return Map.of(
        "budgets",
        List.of(Map.of("amount", amount, "unit", unit, "window", "month", "bound", bound)));
  }

  private static String line(String model, String members) {
    return "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"%s\",\"body\":{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"tell me a story\"}]%s}}\n"
        .formatted(System.nanoTime(), CHATS, model, members);
  }

  private static String lines(String model, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> line(model, ",\"max_tokens\":100"))
        .collect(Collectors.joining());
  }

  private String uploaded(String content) {
    return TestClient.of(bob.gateway())
        .send(
            "POST",
            "/gateway/services/" + SERVICE + "/files",
            BodyPublishers.ofString(
                "--x\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n"
                    + "--x\r\nContent-Disposition: form-data; name=\"file\";"
                    + " filename=\"b.jsonl\"\r\n\r\n"
                    + content
                    + "\r\n--x--\r\n"),
            "Authorization",
            "Bearer " + bob.token(),
            "Content-Type",
            "multipart/form-data; boundary=x")
        .isStatus(200)
        .text("/id");
  }

  private TestResponse batch(Api who, String file) {
    return who.call(
        SERVICE,
        "batches",
        Map.of("input_file_id", file, "endpoint", CHATS, "completion_window", "24h"));
  }

  private void refused(String content, int status, String code, String told) {
    TestResponse answer = batch(bob, uploaded(content)).isStatus(status);
    assertThat(answer.values("x-claviger-error")).containsExactly(code);
    assertThat(answer.body()).contains(told);
    assertThat(open()).isEmpty();
  }

  private List<String> open() {
    return journey.column("select id::text from batch_reservations where state = 'open'");
  }

  /** Lets all nodes ask the provider about batches now, until no batch is open. */
  private void settle() {
    Eventually.holds(
        PATIENCE,
        () -> {
          journey.tamper(
              "update batch_reservations set due_at = case when batch_id is not null"
                  + " and due_at > now() + interval '3 s' then now() else due_at end");
          return open().isEmpty();
        });
  }

  private BigDecimal settled() {
    return new BigDecimal(bob.get("/v1/budgets").isStatus(200).text("/items/0/settled"));
  }

  /** The tokens that the provider has billed in this test. Those of batches count half. */
  private BigDecimal billed() {
    return BigDecimal.valueOf(journey.provider().billedTokens(key) - billedBefore);
  }

  @Test
  void a_batch_is_charged_what_the_provider_bills_and_appears_in_the_usage() {
    lendTo(budget("1", "usd", "strict"));

    batch(bob, uploaded(lines("parrot-large", 3))).isStatus(200);
    assertThat(new BigDecimal(bob.get("/v1/budgets").text("/items/0/reserved")).signum())
        .isEqualTo(1);
    settle();

    assertThat(billed().signum()).isEqualTo(1);
    assertThat(settled()).isEqualByComparingTo(billed().movePointLeft(6).multiply(BigDecimal.TWO));
    assertThat(new BigDecimal(bob.get("/v1/budgets").text("/items/0/reserved")).signum()).isZero();
    assertThat(
            journey.column(
                "select requests || ' ' || (input_tokens + output_tokens) || ' ' || cost"
                    + " from usage_daily where split_part(model, chr(31), 1) = 'parrot-large' and"
                    + OF_THIS_TEST))
        .containsExactly(
            "3 %s %s"
                .formatted(
                    billed().multiply(BigDecimal.TWO).longValueExact(),
                    billed().multiply(BigDecimal.valueOf(2_000)).longValueExact()));
  }

  @ParameterizedTest
  @CsvSource({
    "anthropic, v1/messages/batches",
    "gemini, v1beta/models/parrot-large:batchGenerateContent"
  })
  void a_batch_in_one_request_is_charged_what_the_provider_bills(String standard, String path) {
    boolean ofMessages = standard.equals("anthropic");
    String service = "alice/" + standard;
    String own = journey.key(service);
    double before = journey.provider().billedTokens(own);
    alice
        .put(
            "/v1/llm-services/" + service,
            Map.of(
                "api_standard",
                standard,
                "endpoint",
                journey.provider().baseUrl(),
                "model",
                "parrot-large",
                "api_key",
                own,
                "storage",
                List.of("batches")))
        .isStatus(201);
    for (String model : List.of("parrot-large", "parrot-small")) {
      alice
          .put(
              "/v1/llm-services/" + service + "/prices?model=" + model,
              Map.of("valid_from", "2026-01-01", "input", "2", "output", "2"))
          .isStatus(201);
    }
    alice
        .put(
            "/v1/llm-services/" + service + "/shares/bob",
            Map.of("role", "reader", "limits", budget("1", "usd", "strict")))
        .isStatus(201);

    TestResponse unbounded = inOne(service, path, ofMessages ? message("a", "") : content(""));
    assertThat(unbounded.status()).as(unbounded.body()).isEqualTo(403);
    assertThat(unbounded.values("x-claviger-error")).containsExactly("batch_not_bounded");
    String bounded =
        ofMessages ? ",\"max_tokens\":100" : ",\"generationConfig\":{\"maxOutputTokens\":100}";
    String requests =
        ofMessages
            ? message("a", bounded)
                + ","
                + message("b", bounded).replace("large", "small")
                + ","
                + message("c", bounded)
            : content(bounded) + "," + content(bounded);
    inOne(service, path, requests).isStatus(200);
    bob.chooseDefault("bob", service);
    at("/gateway/" + standard + "/" + path.replace("models/", "models/" + service + "/"), requests)
        .isStatus(200);
    assertThat(open()).hasSize(2);
    settle();

    BigDecimal billed = BigDecimal.valueOf(journey.provider().billedTokens(own) - before);
    assertThat(billed.signum()).isEqualTo(1);
    assertThat(settled()).isEqualByComparingTo(billed.movePointLeft(6).multiply(BigDecimal.TWO));
  }

  @Test
  void searches_in_a_batch_are_charged_in_full_beside_its_tokens() {
    String service = "alice/searching";
    alice
        .put(
            "/v1/llm-services/" + service,
            Map.of(
                "api_standard",
                "anthropic",
                "endpoint",
                journey.provider().baseUrl(),
                "model",
                "parrot-large",
                "api_key",
                journey.key(service),
                "storage",
                List.of("batches")))
        .isStatus(201);
    alice
        .put(
            "/v1/llm-services/" + service + "/prices?model=parrot-large",
            Map.of(
                "valid_from",
                "2026-01-01",
                "input",
                "2",
                "output",
                "2",
                "fees",
                List.of(Map.of("what", "web_search", "amount", "0.01"))))
        .isStatus(201);
    BigDecimal two = BigDecimal.valueOf(2);
    journey
        .provider()
        .ledger()
        .setPrice(
            "parrot-large",
            Price.of(
                Map.of("input", two, "output", two),
                Map.of(),
                Map.of("web_search", new BigDecimal("0.01"))));
    alice
        .put(
            "/v1/llm-services/" + service + "/shares/bob",
            Map.of("role", "reader", "limits", budget("5", "usd", "measured")))
        .isStatus(201);
    journey.provider().ledger().clear();
    String tools =
        ",\"max_tokens\":100,\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\",\"max_uses\":3}]";
    String searching = message("a", tools).replace("a story", "stub:usage web_search=2");

    inOne(service, "v1/messages/batches", searching + "," + message("b", tools)).isStatus(200);
    settle();

    BigDecimal billed =
        journey.provider().ledger().entries().stream()
            .map(Entry::dollars)
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(billed).isGreaterThan(new BigDecimal("0.02"));
    assertThat(settled()).isEqualByComparingTo(billed);
  }

  private TestResponse inOne(String service, String path, String requests) {
    return at("/gateway/services/" + service + "/" + path, requests);
  }

  private TestResponse at(String path, String requests) {
    String body =
        path.contains("messages")
            ? "{\"requests\":[" + requests + "]}"
            : "{\"batch\":{\"inputConfig\":{\"requests\":{\"requests\":[" + requests + "]}}}}";
    return TestClient.of(bob.gateway())
        .send(
            "POST",
            path,
            BodyPublishers.ofString(body),
            "Authorization",
            "Bearer " + bob.token(),
            "Content-Type",
            "application/json",
            "anthropic-version",
            "2023-06-01");
  }

  private static String content(String members) {
    return "{\"request\":{\"contents\":[{\"parts\":[{\"text\":\"tell me a story\"}]}]%s}}"
        .formatted(members);
  }

  private static String message(String id, String members) {
    return "{\"custom_id\":\"%s\",\"params\":{\"model\":\"parrot-large\",\"messages\":[{\"role\":\"user\",\"content\":\"tell me a story\"}]%s}}"
        .formatted(id, members);
  }

  @Test
  void a_url_that_names_no_service_reserves_and_charges_too() {
    lendTo(budget("1", "usd", "strict"));
    String file = uploaded(lines("parrot-large", 2));

    bob.callModel(
            "openai/v1/batches",
            Map.of("input_file_id", file, "endpoint", CHATS, "completion_window", "24h"))
        .isStatus(200);
    settle();

    assertThat(settled()).isPositive();
    assertThat(settled()).isEqualByComparingTo(billed().movePointLeft(6).multiply(BigDecimal.TWO));
  }

  @Test
  void several_models_are_told_apart_by_the_results() {
    lendTo(budget("100000", "tokens", "measured"));

    batch(bob, uploaded(lines("parrot-large", 2) + lines("parrot-small", 1))).isStatus(200);
    settle();

    assertThat(settled()).isEqualByComparingTo(billed().multiply(BigDecimal.TWO));
    assertThat(
            journey.column(
                "select split_part(model, chr(31), 1) || ' ' || requests from usage_daily where input_tokens > 0 and"
                    + OF_THIS_TEST
                    + " order by model"))
        .containsExactly("parrot-large 2", "parrot-small 1");
  }

  @Test
  void what_does_not_fit_or_cannot_be_bounded_is_refused_with_the_line() {
    lendTo(budget("0.0000001", "usd", "strict"));
    refused(lines("parrot-large", 1), 402, "budget_exhausted", "Your budget on this service");
    refused(
        lines("parrot-large", 1) + line("parrot-large", ""), 403, "batch_not_bounded", "Line 2: ");
    refused(
        lines("parrot-large", 1) + line("parrot-large", ",\"max_tokens\":9").replace("large", "x"),
        403,
        "model_has_no_price",
        "Line 2: ");
    alice.delete("/v1/llm-services/" + SERVICE + "/shares/bob").isStatus(204);
    lendTo(Map.of("max_output_tokens", 100));
    refused(
        lines("parrot-large", 2) + line("parrot-large", ",\"max_tokens\":60,\"n\":2"),
        403,
        "output_too_large",
        "Line 3: ");
    refused(line("parrot-large", ""), 403, "output_unbounded", "Line 1: ");
    batch(bob, uploaded(lines("parrot-large", 2))).isStatus(200);
    settle();
  }

  /**
   * The provider decides when the requests of a batch run, so nobody knows to which minute they
   * belong.
   */
  @Test
  void a_batch_is_one_request_of_no_tokens_for_limits_by_the_minute() {
    lendTo(Map.of("tokens_per_minute", 1, "output_tokens_per_minute", 1, "concurrent_calls", 1));
    String file = uploaded(lines("parrot-large", 2) + line("parrot-large", ""));

    batch(bob, file).isStatus(200);
    batch(bob, file).isStatus(200);

    Map<String, Object> one =
        Map.of("model", "parrot-large", "max_tokens", 9, "messages", List.of());
    TestResponse refused = bob.call(SERVICE, "chat/completions", one).isStatus(403);
    assertThat(refused.values("x-claviger-error")).containsExactly("request_exceeds_limit");
    settle();
  }

  @Test
  void a_batch_that_the_provider_does_not_make_returns_what_it_reserved() {
    lendTo(budget("1", "usd", "strict"));
    String file = uploaded(lines("parrot-large", 1));

    bob.call(
            SERVICE,
            "batches",
            Map.of("input_file_id", file, "endpoint", CHATS, "completion_window", "1h"))
        .isStatus(400);

    Eventually.holds(PATIENCE, () -> open().isEmpty());
    assertThat(new BigDecimal(bob.get("/v1/budgets").text("/items/0/reserved")).signum()).isZero();
  }

  @Test
  void sixteen_batches_on_two_nodes_never_use_more_than_a_strict_budget() {
    lendTo(budget("41", "requests", "strict"));
    String file = uploaded(lines("parrot-large", 9));

    List<Integer> answers =
        Race.of(16, n -> batch(n % 2 == 0 ? bob : bob.at(other), file).status(), 1);

    assertThat(answers).contains(200, 402).filteredOn(status -> status == 200).hasSize(4);
    settle();
    assertThat(settled()).as("with the upload").isEqualByComparingTo("37");
  }

  @Test
  void a_transfer_and_the_end_of_a_share_and_of_a_user_leave_nothing_stuck() {
    lendTo(budget("1", "usd", "strict"));
    batch(bob, uploaded(lines("parrot-large", 2))).isStatus(200);
    Api carol = journey.user(node, "carol");
    alice.transfer("lent", "carol", carol);
    carol.delete("/v1/llm-services/carol/lent/shares/bob").isStatus(204);
    journey.root(node).delete("/v1/users/bob").isStatus(204);
    settle();

    assertThat(
            journey.column(
                "select user_handle || ' ' || instance_ref || ' ' || requests from usage_daily"
                    + " where input_tokens > 0 and"
                    + OF_THIS_TEST))
        .containsExactly("bob alice/lent 2");
    assertThat(journey.column("select sum(reserved)::text from budget_windows"))
        .containsExactly("0");
    assertThat(
            new BigDecimal(
                journey
                    .column(
                        "select max(w.settled)::text from budget_windows w join budget_accounts a"
                            + " on a.id = w.account_id join instances i"
                            + " on a.subject like '%' || i.id || '%'")
                    .getFirst()))
        .isEqualByComparingTo(billed().multiply(BigDecimal.valueOf(2_000)));
  }
}
