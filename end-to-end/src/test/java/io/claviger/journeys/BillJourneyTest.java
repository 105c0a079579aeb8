package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.stub.ProviderLedger;
import io.claviger.stub.ProviderLedger.Entry;
import io.claviger.stub.ProviderLedger.Fee;
import io.claviger.testkit.http.TestResponse;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * A provider whose bill differs from what a node counted, in one way for each model. The calls were
 * made yesterday, for the provider and for the node.
 */
final class BillJourneyTest {
  private static final String SERVICE = "/v1/llm-services/alice/lent";
  private static final Duration DAY = Duration.ofDays(1);
  private static final Map<String, Object> PRICE =
      Map.of(
          "valid_from", "2026-01-01",
          "input", "2",
          "cached_input", "0.2",
          "cache_write_5m", "2.5",
          "cache_write_1h", "4",
          "output", "8",
          "tiers", Map.of("priority", Map.of("input", "4", "output", "16")),
          "fees", List.of(Map.of("what", "web_search", "amount", "0.01", "per", 1)));

  @AutoClose private final Journey journey = new Journey();
  private final Node node = journey.startNode();
  private final Api alice = journey.user(node, "alice");
  private int calls;

  @Test
  void each_difference_is_named_and_nothing_is_left_unexplained() {
    journey.service(alice, "alice/lent");
    ledger().setClock(Clock.offset(Clock.systemUTC(), DAY.negated()));
    for (String model :
        List.of("same", "twice", "tiered", "second", "priced", "cached", "dearer", "early")) {
      call(model);
    }
    assertThat(entries("same")).hasSize(3);
    ledger().add(entry("twice"));
    replace(entry("tiered"), e -> with(e, "priority", e.tokens(), e.fees(), new BigDecimal("2")));
    Entry one = entry("second");
    ledger()
        .add(
            new Entry(
                one.at(),
                one.kind(),
                "sk-second-key",
                one.model(),
                one.tier(),
                one.tokens(),
                one.fees(),
                one.dollars()));
    replace(
        entry("priced"),
        e ->
            new Entry(
                e.at(),
                e.kind(),
                e.key(),
                e.model(),
                e.tier(),
                e.tokens(),
                List.of(new Fee("web_search", "", 1)),
                e.dollars().add(new BigDecimal("0.01"))));
    replace(entry("cached"), BillJourneyTest::written);
    for (Entry each : entries("dearer")) {
      replace(each, e -> with(e, e.tier(), e.tokens(), e.fees(), new BigDecimal("1.17")));
    }
    replace(
        entry("early"),
        e ->
            new Entry(
                e.at().minus(DAY),
                e.kind(),
                e.key(),
                e.model(),
                e.tier(),
                e.tokens(),
                e.fees(),
                e.dollars()));
    Duration unused =
        Eventually.holds(
            Duration.ofSeconds(10),
            () ->
                journey
                    .column("select sum(requests) from usage_daily")
                    .equals(List.of(Integer.toString(calls))));
    journey.tamper("update usage_daily set day = day - 1");
    alice
        .put(
            SERVICE + "/billing",
            Map.of(
                "api_key",
                journey.secret("sk-admin-bill/canary+3f9d51c7e2"),
                "api_key_id",
                entry("same").keyId()))
        .isStatus(201);
    YearMonth month = YearMonth.now(Clock.offset(Clock.systemUTC(), DAY.negated()));

    TestResponse bill =
        alice.post(SERVICE + "/bill/_compare?month=" + month, Map.of()).isStatus(200);

    assertThat(bill.at("/explained").valueStream().map(e -> e.at("/reason").asString()))
        .containsExactlyInAnyOrder(
            "billed_twice", "tier", "other_keys", "fees", "cache_writes", "price", "time_zone");
    assertThat(bill.text("/unexplained")).as(bill.body()).isEqualTo("0");
    alice
        .post(SERVICE + "/bill/_compare?month=" + month, Map.of())
        .isProblem(429, "compared_recently");
  }

  private ProviderLedger ledger() {
    return journey.provider().ledger();
  }

  /** Three calls of a model, which costs the same here and at the provider. */
  private void call(String model) {
    alice.put(SERVICE + "/prices?model=" + model, PRICE).isStatus(201);
    for (int n = 1; n <= 3; n++) {
      alice
          .call(
              "alice/lent",
              "chat/completions",
              Map.of(
                  "model",
                  model,
                  "messages",
                  List.of(Map.of("role", "user", "content", (model + " ").repeat(40 * n)))))
          .isStatus(200);
      calls++;
    }
  }

  private List<Entry> entries(String model) {
    return ledger().entries().stream().filter(entry -> entry.model().equals(model)).toList();
  }

  private Entry entry(String model) {
    return entries(model).getFirst();
  }

  private void replace(Entry entry, UnaryOperator<Entry> change) {
    ledger().replace(entry, change.apply(entry));
  }

  private static Entry with(
      Entry e, String tier, Map<String, Long> tokens, List<Fee> fees, BigDecimal factor) {
    return new Entry(
        e.at(), e.kind(), e.key(), e.model(), tier, tokens, fees, e.dollars().multiply(factor));
  }

  /** Returns the same call, but with half of the input written to a cache. */
  private static Entry written(Entry e) {
    Map<String, Long> tokens = new HashMap<>(e.tokens());
    long half = e.tokens("input") / 2;
    tokens.put("input", e.tokens("input") - half);
    tokens.put("written_5m", half);
    return new Entry(
        e.at(),
        e.kind(),
        e.key(),
        e.model(),
        e.tier(),
        tokens,
        e.fees(),
        ProviderLedger.USUAL.cost(e.tier(), tokens, e.fees()));
  }
}
