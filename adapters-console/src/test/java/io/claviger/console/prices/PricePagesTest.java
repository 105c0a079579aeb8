package io.claviger.console.prices;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.TestResponse;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Prices of the deployment and of services' own. */
class PricePagesTest {
  private static final String HOSTILE = "\"><img src=x onerror=alert(1)>\u202e";
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

  @Test
  void administrators_state_a_price_and_everybody_reads_it() {
    Person root = SERVED.root();
    Map<String, String> typed = new HashMap<>();
    typed.put("provider", "openai");
    typed.put("model", "gpt-known");
    typed.put("valid_from", "2026-01-31");
    typed.put("input", "2.50");
    typed.put("output", "1,000");
    typed.put("request", "0.01");
    typed.put("thresholds", "200,000: input 5\r\n300000: input 6, output 7");
    typed.put("tiers", "flex: input 1.25, output 500");
    typed.put(
        "fees", "web_search: 0.01\r\n\r\nweb_search high: 0.025\r\ncharacter: 15 per 1000000");
    assertThat(root.send("/console/price", typed).header("Location"))
        .isEqualTo("/console/prices?provider=openai");
    String naming = "?provider=openai&model=gpt-known&valid_from=2026-01-31";
    TestResponse form = root.open("/console/price" + naming).isStatus(200);
    root.browser().submit(form, "/console/price", Map.of("provider", "openai", "request", "0.02"));
    assertThat(root.api().get("/v1/prices?model=gpt-known").at("/items/0").toString())
        .contains(
            "\"request\":\"0.02\"",
            "{\"flex\":{\"input\":\"1.25\",\"output\":\"500\"}}",
            "\"above\":300000",
            "\"quality\":\"high\",\"amount\":\"0.025\",\"per\":1}",
            "\"amount\":\"15\",\"per\":1000000}");
    root.browser().submit(form, "/console/price", Map.of("provider", "openai")).isStatus(412);
    Person reader = SERVED.person("paula");
    TestResponse list = reader.open("/console/prices?model=gpt-known").isStatus(200);
    assertThat(ServedConsole.sound(list).body())
        .contains(
            "$2.50",
            "$1,000",
            "Each request $0.02",
            "others above 200,000 tokens",
            "others above 300,000 tokens",
            "others as flex",
            "web_search high: $0.025",
            "character: $15 per 1,000,000")
        .doesNotContain("New price", "/console/price?");
    assertThat(reader.open("/console/prices?model=gpt-known&on=2026-01-30").body())
        .contains("There is no such price.");
    assertThat(reader.open("/console/prices?model=gpt-known&on=").body()).contains("2026-01-31");
    Map<String, String> stolen = new HashMap<>(typed);
    stolen.putAll(
        io.claviger.testkit.http.FormBrowser.fields(
            reader.open("/console/account"), "/console/account/sign-out"));
    assertThat(
            reader
                .browser()
                .post("/console/price", stolen, "Sec-Fetch-Site", "same-origin", "Origin", "null")
                .status())
        .isEqualTo(403);
  }

  @Test
  void two_faults_of_a_field_are_told_apart() {
    TestResponse refused =
        SERVED
            .root()
            .send("/console/price", Map.of("provider", "openai", "model", "m", "input", "x"));
    assertThat(refused.isStatus(422).body()).contains("12.50; at least one rate");
  }

  @Test
  void what_comes_with_claviger_is_shown_with_the_rates_of_tiers() {
    TestResponse list = SERVED.person("priska").open("/console/prices?model=gpt-5.1").isStatus(200);
    assertThat(list.body())
        .contains(
            "Cached input $0.125",
            "flex: Input $0.625, Cached input $0.0625, Output $5",
            "priority: Input $2.50, Cached input $0.25, Output $20");
  }

  @Test
  void a_price_is_changed_and_deleted_after_it_was_said_which_one_counts_then() {
    Person root = SERVED.root();
    for (String day : new String[] {"2026-01-01", "2026-02-01"}) {
      root.send("/console/price", price("mistral", "mixtral", day, "3")).isStatus(303);
    }
    String naming = "?provider=mistral&model=mixtral&valid_from=2026-02-01";
    TestResponse form = root.open("/console/price" + naming).isStatus(200);
    assertThat(form.body()).contains("Change a price", "value=\"3\"");
    root.browser()
        .submit(form, "/console/price", Map.of("provider", "mistral", "input", "4"))
        .isStatus(303);
    assertThat(root.open("/console/price/delete" + naming).isStatus(200).body())
        .contains("$4 for input", "The price from 2026-01-01 on applies then: $3");
    root.send("/console/price/delete" + naming, "/console/price/delete", Map.of()).isStatus(303);
    assertThat(
            root.open("/console/price/delete?provider=mistral&model=mixtral&valid_from=2026-01-01")
                .body())
        .contains("No earlier price of this model");
    assertThat(root.open("/console/price/delete" + naming).status()).isEqualTo(404);
  }

  @Test
  void a_price_that_somebody_else_changed_is_shown_in_both_versions() {
    Person root = SERVED.root();
    root.send("/console/price", price("cohere", "command", "2026-01-01", "3")).isStatus(303);
    TestResponse open =
        root.open("/console/price?provider=cohere&model=command&valid_from=2026-01-01");
    root.api()
        .put("/v1/prices/cohere?model=command", Map.of("valid_from", "2026-01-01", "input", "9"))
        .isStatus(200);
    Map<String, String> mine = Map.of("provider", "cohere", "input", "7");
    TestResponse refused = root.browser().submit(open, "/console/price", mine).isStatus(412);
    assertThat(refused.body()).contains("Stored now", ">9<", ">7<");
    root.browser().submit(refused, "/console/price", mine).isStatus(303);
    assertThat(root.open("/console/prices?model=command").body()).contains("$7");
  }

  @Test
  void a_form_that_was_sent_twice_states_one_price() {
    Person root = SERVED.root();
    TestResponse open = root.open("/console/price");
    Map<String, String> typed = price("ollama", "twice", "2026-01-01", "3");
    root.browser().submit(open, "/console/price", typed).isStatus(303);
    root.browser().submit(open, "/console/price", typed).isStatus(303);
  }

  @Test
  void what_is_wrong_is_told_beside_its_field() {
    Person root = SERVED.root();
    Map<String, String> typed = new HashMap<>(price("openai", HOSTILE, "yesterday", "-1"));
    typed.put("thresholds", "output 3");
    typed.put("tiers", "flex: inptu 3");
    typed.put("fees", "coffee: 3");
    TestResponse refused = root.send("/console/price", typed).isStatus(422);
    assertThat(ServedConsole.sound(refused).body())
        .contains(
            "a day, such as 2026-01-31",
            "a number, such as",
            "lines with a colon",
            "rates such as input",
            "one of web_search")
        .doesNotContain("<img src=x");
    assertThat(root.send("/console/price", Map.of("provider", "openai", "model", "m")).body())
        .contains("at least one rate");
    assertThat(root.open("/console/prices?provider=NOBODY").isStatus(422).body())
        .contains("Prices");
  }

  @Test
  void the_owner_states_prices_of_a_service_and_readers_see_them() {
    Person owner = SERVED.person("petra");
    Person reader = SERVED.person("paolo");
    owner
        .api()
        .put("/v1/llm-services/petra/chat", Map.of("provider", "openai", "model", "m"))
        .isStatus(201);
    String page = "/console/services/petra/chat";
    assertThat(owner.open(page + "/prices").body()).contains("There is no such price.");
    Map<String, String> typed =
        Map.of("model", "m &<b", "valid_from", "2026-01-01", "input", "1.25");
    owner.send(page + "/price", typed).isStatus(303);
    assertThat(reader.open(page + "/prices").status()).isEqualTo(404);
    owner
        .api()
        .put("/v1/llm-services/petra/chat/shares/paolo", Map.of("role", "reader"))
        .isStatus(201);
    assertThat(ServedConsole.sound(reader.open(page + "/prices").isStatus(200)).body())
        .contains("$1.25", "m &amp;&lt;b")
        .doesNotContain("New price");
    String naming = "?model=m%20%26%3Cb&valid_from=2026-01-01";
    owner.send(page + "/price/delete" + naming, page + "/price/delete", Map.of()).isStatus(303);
  }

  private static Map<String, String> price(
      String provider, String model, String from, String input) {
    return Map.of("provider", provider, "model", model, "valid_from", from, "input", input);
  }
}
