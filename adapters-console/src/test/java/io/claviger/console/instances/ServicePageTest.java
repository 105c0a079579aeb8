package io.claviger.console.instances;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What can be done on the page of a service, and what is offered to whom. */
class ServicePageTest {
  private static final String KEY = "sk-canary-0123456789";
  private static final String HOSTILE = "\"><script>alert(1)</script>\u202e&\uD83E\uDD84";
  private static final Map<String, Object> OWN_KEYS =
      Map.of("key_policy", Map.of("user_keys", true, "central_key", false));

  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

  @Test
  void the_owner_replaces_the_key_for_the_endpoint_that_was_shown() {
    Person owner = withService("olga");
    String page = "/console/services/olga/chat";
    assertThat(owner.send(page + "/key", page + "/key", Map.of("api_key", KEY)).header("Location"))
        .isEqualTo(page + "/key");
    TestResponse after = owner.open(page + "/key").isStatus(200);
    assertThat(after.body()).contains("A key has been stored since").doesNotContain(KEY);
    TestResponse tooShort = owner.send(page + "/key", page + "/key", Map.of("api_key", "short"));
    assertThat(tooShort.isStatus(422).body()).contains("8 to 10,240").doesNotContain("short\"");
    TestResponse none = owner.send(page + "/key", page + "/key", Map.of("api_key", ""));
    assertThat(none.isStatus(422).body()).contains("Paste the provider's API key.");
    assertThat(owner.send(page + "/key", page + "/key/remove", Map.of()).header("Location"))
        .isEqualTo(page + "/key");
    assertThat(owner.open(page + "/key").body()).contains("No key is stored");
  }

  /** A screen reader says the title first, and a browser's history shows nothing else. */
  @Test
  void each_view_of_a_service_has_its_own_title() {
    Person owner = withService("ottoline");
    List<String> titles =
        Stream.of(ServiceTab.values())
            .map(tab -> owner.open("/console/services/ottoline/chat" + tab.address()).isStatus(200))
            .map(page -> page.body().replaceAll("(?s).*<title>(.*)</title>.*", "$1"))
            .toList();
    assertThat(titles)
        .doesNotHaveDuplicates()
        .allSatisfy(title -> assertThat(title).contains("ottoline/chat"));
  }

  @Test
  void projects_that_are_open_to_everybody_are_listed_page_by_page() {
    Person owner = withService("opaline");
    for (int n = 0; n < 26; n++) {
      owner
          .api()
          .put(
              "/v1/projects/opaline/p-%02d".formatted(n),
              Map.of("service", "opaline/chat", "visibility", "everybody"))
          .isStatus(201);
    }

    String page = "/console/services/opaline/chat/people";
    assertThat(ServedConsole.sound(owner.open(page).isStatus(200)).body())
        .contains("opaline/p-00", "opaline/p-24", page + "?open=opaline%2Fp-24#everybody")
        .doesNotContain("opaline/p-25");
    assertThat(owner.open(page + "?open=opaline%2Fp-24").body())
        .contains("opaline/p-25")
        .doesNotContain("opaline/p-24<", "More projects");
  }

  /** Only a form that was made by hand lacks the endpoint. */
  @Test
  void a_key_without_its_endpoint_is_refused() {
    Person owner = withService("orlanda");
    String page = "/console/services/orlanda/chat/key";
    Map<String, String> sent = new HashMap<>(FormBrowser.fields(owner.open(page), page));
    sent.put("api_key", KEY);
    sent.remove("endpoint");

    assertThat(owner.browser().submitOnly(page, sent).isStatus(422).body()).doesNotContain(KEY);
  }

  @Test
  void a_key_that_was_typed_for_another_version_is_not_stored() {
    Person owner = withService("otto");
    String page = "/console/services/otto/chat";
    TestResponse open = owner.open(page + "/key");
    owner
        .api()
        .patch("/v1/llm-services/otto/chat", Map.of("endpoint", "https://other.example/v1"))
        .isStatus(200);
    TestResponse refused = owner.browser().submit(open, page + "/key", Map.of("api_key", KEY));
    assertThat(refused.isStatus(412).body()).doesNotContain(KEY);
    assertThat(owner.api().get("/v1/llm-services/otto/chat").body())
        .contains("\"has_api_key\":false");
  }

  /** The key would otherwise go to an endpoint that its owner has not seen. */
  @Test
  void a_typing_error_does_not_move_a_key_to_another_endpoint() {
    Person owner = withService("orson");
    String page = "/console/services/orson/chat/key";
    String api = "/v1/llm-services/orson/chat";
    TestResponse open = owner.open(page);
    owner.api().patch(api, Map.of("endpoint", "https://other.example/v1")).isStatus(200);

    TestResponse wrong = owner.browser().submit(open, page, Map.of("api_key", "short"));
    assertThat(wrong.isStatus(422).body()).doesNotContain("other.example");
    TestResponse refused = owner.browser().submit(wrong, page, Map.of("api_key", KEY));

    assertThat(ServedConsole.sound(refused.isStatus(412)).body()).contains("other.example");
    assertThat(owner.api().get(api).body()).contains("\"has_api_key\":false");
    owner.browser().submit(refused, page, Map.of("api_key", KEY)).isStatus(303);
  }

  @Test
  void an_own_key_goes_to_no_endpoint_that_its_page_did_not_show() {
    Person owner = withService("orell");
    String api = "/v1/llm-services/orell/chat";
    owner.api().patch(api, OWN_KEYS).isStatus(200);
    String page = "/console/services/orell/chat";
    TestResponse open = owner.open(page + "/key");
    owner.api().patch(api, Map.of("endpoint", "https://other.example/v1")).isStatus(200);

    TestResponse wrong =
        owner.browser().submit(open, page + "/own-key", Map.of("own_key", "short")).isStatus(422);
    TestResponse refused = owner.browser().submit(wrong, page + "/own-key", Map.of("own_key", KEY));

    assertThat(ServedConsole.sound(refused.isStatus(409)).body())
        .contains("name=\"own_endpoint\" value=\"https://other.example/v1\"");
    owner.browser().submit(refused, page + "/own-key", Map.of("own_key", KEY)).isStatus(303);
  }

  @Test
  void an_own_key_that_a_service_does_not_take_is_refused_beside_its_field() {
    Person owner = withService("orsa");
    String api = "/v1/llm-services/orsa/chat";
    owner.api().patch(api, OWN_KEYS).isStatus(200);
    owner.api().patch(api, Map.of("enabled", false)).isStatus(200);
    String page = "/console/services/orsa/chat";

    TestResponse refused =
        owner.send(page + "/key", page + "/own-key", Map.of("own_key", KEY)).isStatus(422);

    assertThat(ServedConsole.sound(refused).body())
        .contains("id=\"own_key-more\"><span class=\"field-error\">This service is disabled.");
  }

  @Test
  void a_key_that_was_stored_after_the_page_was_opened_is_not_removed() {
    Person owner = withService("ossian");
    Person other = SERVED.person("oki");
    owner
        .api()
        .put("/v1/llm-services/ossian/chat/shares/oki", Map.of("role", "owner"))
        .isStatus(201);
    String page = "/console/services/ossian/chat/key";
    owner.send(page, Map.of("api_key", KEY)).isStatus(303);
    TestResponse open = owner.open(page);
    other.send(page, Map.of("api_key", KEY + "-new")).isStatus(303);

    TestResponse refused = owner.browser().submit(open, page + "/remove", Map.of());

    assertThat(ServedConsole.sound(refused.isStatus(412)).body())
        .contains("A key has been stored since", "changed");
    assertThat(owner.api().get("/v1/llm-services/ossian/chat").body())
        .contains("\"has_api_key\":true");
    owner.browser().submit(refused, page + "/remove", Map.of()).isStatus(303);
    assertThat(owner.open(page).body()).contains("No key is stored");
  }

  @Test
  void the_connection_is_checked_at_once() {
    Person owner = withService("oskar");
    String page = "/console/services/oskar/chat";
    assertThat(owner.send(page, page + "/check", Map.of()).isStatus(200).body())
        .contains("This service has no API key.");
    owner.send(page + "/key", page + "/key", Map.of("api_key", KEY)).isStatus(303);
    assertThat(owner.send(page, page + "/check", Map.of()).isStatus(200).body())
        .contains("accepts the key (12 ms)");
  }

  @Test
  void the_page_says_how_callers_are_kept_apart() {
    Person owner = withService("odile");
    assertThat(owner.open("/console/services/odile/chat").body())
        .contains("names of their own", "by the form of their ids");
    owner.api().patch("/v1/llm-services/odile/chat", Map.of("provider", "mistral")).isStatus(200);
    assertThat(owner.open("/console/services/odile/chat").body())
        .contains("Caches of callers", "find each other")
        .contains("are found in known places only");
  }

  @Test
  void a_service_is_disabled_and_enabled() {
    Person owner = withService("oda");
    String page = "/console/services/oda/chat";
    owner.send(page, page + "/enabled", Map.of()).isStatus(303);
    assertThat(owner.open(page).body()).contains("disabled", ">Enable<");
    owner.send(page, page + "/enabled", Map.of()).isStatus(303);
    assertThat(owner.open(page).body()).contains(">Disable<");
  }

  @Test
  void an_old_page_does_not_switch_a_service_that_somebody_else_changed() {
    Person owner = withService("odo");
    String page = "/console/services/odo/chat";
    owner.send(page, page + "/enabled", Map.of()).isStatus(303);
    TestResponse old = owner.open(page);
    owner
        .api()
        .patch("/v1/llm-services/odo/chat", Map.of("description", "Its key was stolen."))
        .isStatus(200);

    TestResponse refused = owner.browser().submit(old, page + "/enabled", Map.of()).isStatus(412);

    assertThat(ServedConsole.sound(refused).body()).contains(">Enable<");
    assertThat(owner.api().get("/v1/llm-services/odo/chat").at("/enabled").asBoolean()).isFalse();
    owner.browser().submit(refused, page + "/enabled", Map.of()).isStatus(303);
    assertThat(owner.api().get("/v1/llm-services/odo/chat").at("/enabled").asBoolean()).isTrue();
  }

  @Test
  void settings_are_changed_and_hostile_ones_are_shown_harmlessly() {
    Person owner = withService("orla");
    String page = "/console/services/orla/chat";
    Map<String, String> typed = new HashMap<>();
    typed.put("display_name", HOSTILE);
    typed.put("model", "<i>model</i>");
    typed.put("description", "</textarea><script>alert(1)</script>");
    typed.put("note", "plain");
    typed.put("fallback_to_central", "");
    typed.put("user_keys", "");
    typed.put("central_key", "yes");
    typed.put("requests_per_minute", "60");
    typed.put("models", "gpt-4o\n<img src=x>*");
    assertThat(owner.send(page + "/settings", typed).header("Location")).isEqualTo(page);
    for (String each : new String[] {page, page + "/settings", "/console", "/console/services"}) {
      assertThat(owner.open(each).isStatus(200).body())
          .doesNotContain("<script>", "<i>model", "<img src=x");
    }
    assertThat(owner.api().get("/v1/llm-services/orla/chat").body())
        .contains("\"requests_per_minute\":60");
  }

  @Test
  void a_change_by_somebody_else_is_told_with_both_versions() {
    Person owner = withService("olaf");
    String page = "/console/services/olaf/chat";
    TestResponse open = owner.open(page + "/settings");
    owner.api().patch("/v1/llm-services/olaf/chat", Map.of("note", "theirs")).isStatus(200);
    TestResponse refused =
        owner
            .browser()
            .submit(open, page + "/settings", Map.of("note", "mine", "central_key", "yes"));
    assertThat(refused.isStatus(412).body()).contains("Stored now", "theirs", "mine");
    assertThat(owner.api().get("/v1/llm-services/olaf/chat").text("/note")).isEqualTo("theirs");
    TestResponse kept =
        owner
            .browser()
            .submit(refused, page + "/settings", Map.of("note", "mine", "central_key", "yes"));
    kept.isStatus(303);
    assertThat(owner.api().get("/v1/llm-services/olaf/chat").text("/note")).isEqualTo("mine");
  }

  @Test
  void a_holder_sees_their_limits_what_is_left_and_when_their_share_ends() {
    Person owner = withService("opal");
    Person reader = SERVED.person("rolf");
    owner
        .api()
        .put(
            "/v1/llm-services/opal/chat/shares/rolf",
            Map.of(
                "role", "reader",
                "expires_at", "2040-03-01T00:00:00Z",
                "limits",
                    Map.of(
                        "requests_per_minute",
                        1200,
                        "models",
                        List.of("gpt-4o"),
                        "budgets",
                        List.of(Map.of("amount", "7", "unit", "usd", "window", "month")))))
        .isStatus(201);
    assertThat(ServedConsole.sound(reader.open("/console/services/opal/chat")).body())
        .contains("<time datetime=\"2040-03-01T00:00:00Z\">")
        .contains("1,200 requests a minute", "only the model gpt-4o", "$7 a month", "$7 left")
        .doesNotContain("Budgets of all who call it");
    assertThat(owner.open("/console/services/opal/chat").body())
        .contains(
            "no limit and no budget applies to your calls", "/console/budgets?service=opal%2Fchat");
  }

  @Test
  void limits_are_kept_whole_and_the_owner_bounds_all_callers_together() {
    Person owner = withService("olli");
    String api = "/v1/llm-services/olli/chat";
    Map<String, Object> limits =
        Map.of(
            "operations",
            List.of("POST chat/completions"),
            "tokens_per_minute",
            1_000,
            "concurrent_calls",
            5,
            "budgets",
            List.of(Map.of("amount", "7", "unit", "usd", "window", "month")));
    owner.api().patch(api, Map.of("limits", limits)).isStatus(200);
    Map<String, String> typed = new HashMap<>();
    typed.put("central_key", "yes");
    typed.put("user_keys", "");
    typed.put("fallback_to_central", "");
    typed.put("operations", "POST chat/completions");
    typed.put("in_all_requests_per_minute", "1,000");
    typed.put("in_all_input_tokens_per_minute", "50,000");
    typed.put("in_all_concurrent_calls", "40");
    typed.put("in_all_amount1", "100");
    typed.put("in_all_unit1", "usd");
    typed.put("in_all_window1", "week");
    owner.send("/console/services/olli/chat/settings", typed).isStatus(303);
    TestResponse after = owner.api().get(api);
    assertThat(after.text("/limits/operations/0")).isEqualTo("POST chat/completions");
    assertThat(after.at("/limits/tokens_per_minute").intValue()).isEqualTo(1_000);
    assertThat(after.at("/limits/concurrent_calls").intValue()).isEqualTo(5);
    assertThat(after.text("/limits/budgets/0/amount")).isEqualTo("7");
    assertThat(after.text("/budgets_in_all/0/window")).isEqualTo("week");
    assertThat(after.at("/limits_in_all").toString())
        .isEqualTo(
            "{\"requests_per_minute\":1000,\"tokens_per_minute\":null,"
                + "\"input_tokens_per_minute\":50000,\"output_tokens_per_minute\":null,"
                + "\"concurrent_calls\":40}");
  }

  @Test
  void settings_that_were_sent_twice_are_saved_once() {
    Person owner = withService("oleg");
    String page = "/console/services/oleg/chat";
    TestResponse open = owner.open(page + "/settings");
    Map<String, String> typed =
        Map.of("note", "mine", "central_key", "yes", "user_keys", "", "fallback_to_central", "");
    String api = "/v1/llm-services/oleg/chat";
    owner.browser().submit(open, page + "/settings", typed).isStatus(303);
    JsonNode version = owner.api().get(api).at("/version");
    owner.browser().submit(open, page + "/settings", typed).isStatus(303);
    assertThat(owner.api().get(api).at("/version")).isEqualTo(version);
  }

  @Test
  void another_endpoint_needs_the_key_anew() {
    Person owner = withService("ole");
    String page = "/console/services/ole/chat";
    owner.send(page + "/key", page + "/key", Map.of("api_key", KEY)).isStatus(303);
    Map<String, String> moved =
        Map.of(
            "endpoint", "https://moved.example/v1",
            "central_key", "yes",
            "user_keys", "",
            "fallback_to_central", "");
    TestResponse refused = owner.send(page + "/settings", moved);
    assertThat(refused.isStatus(409).body()).contains("sealed", "https://moved.example/v1");
    Map<String, String> withKey = new HashMap<>(moved);
    withKey.put("api_key", KEY);
    owner.browser().submit(refused, page + "/settings", withKey).isStatus(303);
  }

  @Test
  void before_a_service_is_deleted_the_page_names_what_breaks() {
    Person owner = withService("oona");
    Person reader = SERVED.person("ricco");
    owner
        .api()
        .put("/v1/llm-services/oona/chat/shares/ricco", Map.of("role", "reader"))
        .isStatus(201);
    owner
        .api()
        .post(
            "/v1/users/oona/tokens", Map.of("name", "my laptop" + HOSTILE, "service", "oona/chat"))
        .isStatus(201);
    owner.api().put("/v1/projects/oona/corpus", Map.of("service", "oona/chat")).isStatus(201);
    String page = "/console/services/oona/chat";
    TestResponse ask = owner.open(page + "/delete").isStatus(200);
    assertThat(ServedConsole.sound(ask).body())
        .contains("1 share ends", "ricco", "my laptop", "oona/corpus", page + "/transfer");
    TestResponse inUse = owner.send(page + "/delete", Map.of());
    assertThat(inUse.isStatus(409).body()).contains("1 project uses it, among them oona/corpus.");
    owner.api().delete("/v1/projects/oona/corpus").isStatus(204);
    assertThat(owner.send(page + "/delete", Map.of()).header("Location"))
        .isEqualTo("/console/services");
    assertThat(owner.open(page).isStatus(404).body()).contains("no such resource");
    assertThat(reader.open(page).status()).isEqualTo(404);
  }

  @Test
  void a_reader_is_offered_what_a_reader_may_do_and_refused_the_rest() {
    Person owner = withService("omar");
    Person reader = SERVED.person("rita");
    String key = "/console/services/omar/chat/key";
    owner.send(key, key, Map.of("api_key", KEY)).isStatus(303);
    owner
        .api()
        .put("/v1/llm-services/omar/chat/shares/rita", Map.of("role", "reader"))
        .isStatus(201);
    String page = "/console/services/omar/chat";
    TestResponse shown = reader.open(page).isStatus(200);
    assertThat(shown.body())
        .contains("Check now", "Connect")
        .doesNotContain("/settings", "/delete", "/enabled", "/people");
    assertThat(reader.open(key).body())
        .contains("A key or another credential has been stored since")
        .doesNotContain("<form method=\"post\" action=\"" + key);
    assertThat(reader.open(page + "/people").status()).isEqualTo(403);
    Map<String, String> sent =
        new HashMap<>(io.claviger.testkit.http.FormBrowser.fields(shown, page + "/check"));
    sent.put("version", owner.api().get("/v1/llm-services/omar/chat").at("/version").asString());
    for (String path : new String[] {"/enabled", "/key/remove", "/delete"}) {
      TestResponse refused =
          reader
              .browser()
              .post(page + path, sent, "Sec-Fetch-Site", "same-origin", "Origin", "null");
      assertThat(refused.status()).as(path).isEqualTo(403);
    }
  }

  @Test
  void what_prices_follow_from_is_an_input_for_the_owner_and_a_fact_for_others() {
    Person owner = withService("ora");
    String page = "/console/services/ora/chat/settings";
    String shares = "/v1/llm-services/ora/chat/shares/";
    Person coOwner = SERVED.person("cosmo");
    Person writer = SERVED.person("wim");
    owner.api().put(shares + "cosmo", Map.of("role", "owner")).isStatus(201);
    owner.api().put(shares + "wim", Map.of("role", "writer")).isStatus(201);
    assertInputs(owner.open(page), "model", "provider", "description");
    assertInputs(coOwner.open(page), "model", "description");
    assertThat(coOwner.open(page).body()).contains("prices of calls follow", ">Provider<");
    assertInputs(writer.open(page), "model", "description");
    assertThat(writer.open(page).body()).doesNotContain("prices of calls follow");

    owner.api().patch("/v1/llm-services/ora/chat", Map.of("provider", "azure")).isStatus(200);

    assertInputs(owner.open(page), "model", "provider", "description");
    assertInputs(coOwner.open(page), "description");
    assertInputs(writer.open(page), "description");
    assertThat(writer.open(page).body()).contains("prices of calls follow", "<bdi>gpt-4o</bdi>");
    for (Person each : List.of(coOwner, writer)) {
      each.send(page, Map.of("note", each.handle())).isStatus(303);
      each.api().patch("/v1/llm-services/ora/chat", Map.of("model", "gpt-4.1-nano")).isStatus(403);
    }
    owner.send(page, Map.of("model", "gpt-5")).isStatus(303);
    assertThat(owner.api().get("/v1/llm-services/ora/chat").text("/model")).isEqualTo("gpt-5");
  }

  /** Of the three fields, the form has these. */
  private static void assertInputs(TestResponse form, String... names) {
    List<String> shown =
        Stream.of("model", "provider", "description")
            .filter(name -> form.isStatus(200).body().contains("name=\"" + name + "\""))
            .toList();
    assertThat(shown).containsExactly(names);
  }

  private static Person withService(String handle) {
    return SERVED.owner(
        handle,
        Map.of(
            "provider", "openai",
            "model", "gpt-4o",
            "endpoint", "https://api.example/v1"));
  }
}
