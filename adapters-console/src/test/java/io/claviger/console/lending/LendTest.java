package io.claviger.console.lending;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Lending a service on terms, and changing them. */
class LendTest {
  private static final ServedConsole SERVED = new ServedConsole();

  @AfterAll
  static void close() {
    SERVED.close();
  }

  @Test
  void a_service_is_lent_with_budgets_and_an_end() {
    Person owner = withService("lena");
    SERVED.person("luis");
    String lend = "/console/services/lena/chat/lend";
    Map<String, String> typed = new HashMap<>();
    typed.put("to", "luis");
    typed.put("until", "2040-03-01");
    typed.put("models", "gpt-4o\ntext-*");
    typed.put("max_output_tokens", "4,000");
    typed.put("amount1", "12.50");
    typed.put("amount2", "1,000");
    typed.put("unit2", "requests");
    typed.put("window2", "day");
    typed.put("zone2", "Europe/Berlin");
    typed.put("bound2", "strict");
    Map<String, String> sent = new HashMap<>(FormBrowser.fields(owner.open(lend), lend));
    sent.putAll(typed);
    assertThat(
            owner
                .browser()
                .post(lend + "/preview", sent, "Sec-Fetch-Site", "same-origin", "Origin", "null")
                .body())
        .contains("luis may call lena/chat with gpt-4o, text-* until 1 March 2040 (UTC), at most")
        .contains("4,000 tokens of output a call", "12.5 $ a month", "1,000 requests a day");
    owner.send(lend, typed).isStatus(303);
    TestResponse share = owner.api().get("/v1/llm-services/lena/chat/shares/luis").isStatus(200);
    assertThat(share.text("/expires_at")).isEqualTo("2040-03-02T00:00:00Z");
    assertThat(share.text("/limits/budgets/0/amount")).isEqualTo("12.5");
    assertThat(share.text("/limits/budgets/1/zone")).isEqualTo("Europe/Berlin");
    assertThat(share.text("/limits/budgets/1/bound")).isEqualTo("strict");
  }

  @Test
  void a_share_that_is_opened_and_saved_keeps_all_its_terms() {
    Person owner = withService("leon");
    SERVED.person("lola");
    TestResponse before =
        owner
            .api()
            .put(
                "/v1/llm-services/leon/chat/shares/lola",
                Map.of(
                    "role",
                    "writer",
                    "may_reshare",
                    true,
                    "expires_at",
                    "2040-03-01T12:34:56Z",
                    "limits",
                    Map.of(
                        "operations", List.of("POST chat/completions"),
                        "budgets",
                            List.of(
                                budget("5", "usd", "total", "UTC"),
                                budget("70", "tokens", "week", "Asia/Tokyo")))))
            .isStatus(201);
    String lend = "/console/services/leon/chat/lend";
    TestResponse page = owner.open(lend + "?to=lola").isStatus(200);
    Map<String, String> chosen = new HashMap<>();
    chosen.put("role", "writer");
    chosen.put("operations", "POST chat/completions");
    chosen.put("unit1", "usd");
    chosen.put("window1", "total");
    chosen.put("unit2", "tokens");
    chosen.put("window2", "week");
    assertThat(page.body()).contains("POST chat/completions", "Asia/Tokyo", "2040-03-01");
    owner.browser().submit(page, lend, chosen).isStatus(303);
    TestResponse after = owner.api().get("/v1/llm-services/leon/chat/shares/lola").isStatus(200);
    for (String part : List.of("/expires_at", "/may_reshare", "/role")) {
      assertThat(after.at(part)).isEqualTo(before.at(part));
    }
    assertThat(after.at("/limits")).isEqualTo(before.at("/limits"));
  }

  @Test
  void amounts_with_a_comma_for_the_decimals_are_refused() {
    Person owner = withService("lara");
    SERVED.person("liam");
    String lend = "/console/services/lara/chat/lend";
    TestResponse refused = owner.send(lend, Map.of("to", "liam", "amount1", "12,50"));
    assertThat(refused.isStatus(422).body()).contains("12,50", "a number, such as");
    TestResponse twice =
        owner.send(lend, Map.of("to", "liam", "amount1", "1", "amount2", "2", "unit2", "usd"));
    assertThat(ServedConsole.sound(twice.isStatus(422)).body()).contains("at most one budget");
    TestResponse zone =
        owner.send(lend, Map.of("to", "liam", "amount1", "1", "zone1", ServedConsole.HOSTILE));
    assertThat(ServedConsole.sound(zone.isStatus(422)).body()).contains("Europe/Berlin");
  }

  @Test
  void a_share_that_somebody_else_changed_is_shown_in_both_versions() {
    Person owner = withService("lisa");
    SERVED.person("lars");
    String share = "/v1/llm-services/lisa/chat/shares/lars";
    String lend = "/console/services/lisa/chat/lend";
    owner.api().put(share, Map.of("role", "reader")).isStatus(201);
    TestResponse open = owner.open(lend + "?to=lars");
    owner
        .api()
        .put(share, Map.of("role", "writer", "limits", Map.of("requests_per_minute", 77)))
        .isStatus(200);
    Map<String, String> mine = Map.of("role", "reader", "requests_per_minute", "5");
    TestResponse refused = owner.browser().submit(open, lend, mine).isStatus(412);
    assertThat(ServedConsole.sound(refused).body()).contains("Stored now", "77", "writer");
    Map<String, String> kept =
        Map.of("role", "reader", "requests_per_minute", "5", "may_reshare", "");
    owner.browser().submit(refused, lend, kept).isStatus(303);
    assertThat(owner.api().get(share).text("/role")).isEqualTo("reader");
  }

  @Test
  void a_form_that_was_sent_twice_ends_on_the_same_page() {
    Person owner = withService("lore");
    SERVED.person("luca");
    String lend = "/console/services/lore/chat/lend";
    TestResponse open = owner.open(lend);
    Map<String, String> typed = Map.of("to", "luca", "role", "reader", "may_reshare", "");
    owner.browser().submit(open, lend, typed).isStatus(303);
    owner.browser().submit(open, lend, typed).isStatus(303);
  }

  @Test
  void a_share_that_ended_meanwhile_is_told_and_can_be_given_anew() {
    Person owner = withService("lily");
    SERVED.person("loki");
    String share = "/v1/llm-services/lily/chat/shares/loki";
    String lend = "/console/services/lily/chat/lend";
    owner.api().put(share, Map.of("role", "reader")).isStatus(201);
    TestResponse open = owner.open(lend + "?to=loki");
    owner.api().delete(share).isStatus(204);
    TestResponse refused = owner.browser().submit(open, lend, Map.of("role", "reader"));
    assertThat(refused.isStatus(412).body()).contains("Somebody ended this share");
    owner
        .browser()
        .submit(refused, lend, Map.of("role", "reader", "may_reshare", ""))
        .isStatus(303);
    owner.api().get(share).isStatus(200);
  }

  private static Map<String, Object> budget(
      String amount, String unit, String window, String zone) {
    return Map.of("amount", amount, "unit", unit, "window", window, "zone", zone);
  }

  private static Person withService(String handle) {
    Person owner = SERVED.person(handle);
    owner
        .api()
        .put("/v1/llm-services/" + handle + "/chat", Map.of("provider", "openai", "model", "m"))
        .isStatus(201);
    return owner;
  }
}
