package io.claviger.console.sharing;

import static io.claviger.console.served.ServedConsole.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Lending a service on terms, and changing them. */
class LendTest {
  private static final Pattern ASK =
      Pattern.compile("href=\"(/console/requests/new[?]for=[A-Za-z0-9_-]+)\"");
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

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
        .contains(
            "luis may call lena/chat with %s, %s until 1 March 2040 (UTC), at most"
                .formatted(named("gpt-4o"), named("text-*")))
        .contains("4,000 tokens of output a call", "$12.50 a month", "1,000 requests a day");
    owner.send(lend, typed).isStatus(303);
    TestResponse share = owner.api().get("/v1/llm-services/lena/chat/shares/luis").isStatus(200);
    assertThat(share.text("/expires_at")).isEqualTo("2040-03-02T00:00:00Z");
    assertThat(share.text("/limits/budgets/0/amount")).isEqualTo("12.5");
    assertThat(share.text("/limits/budgets/1/zone")).isEqualTo("Europe/Berlin");
    assertThat(share.text("/limits/budgets/1/bound")).isEqualTo("strict");
  }

  @Test
  void a_weight_is_given_said_in_words_and_refused_at_its_field() {
    Person owner = withService("laszlo");
    SERVED.person("ludmila");
    String lend = "/console/services/laszlo/chat/lend";
    Map<String, String> sent = new HashMap<>(FormBrowser.fields(owner.open(lend), lend));
    sent.putAll(Map.of("to", "ludmila", "weight", "40"));
    assertThat(preview(owner, lend, sent)).contains("with a weight of 40 among those who want it");
    sent.putAll(Map.of("may_reshare", "yes", "to_everybody", "yes"));
    assertThat(preview(owner, lend, sent))
        .contains("use it too; their projects may be open to everybody.");

    assertThat(owner.send(lend, Map.of("to", "ludmila", "weight", "101")).isStatus(422).body())
        .contains("id=\"weight-more\"><span class=\"field-error\">");
    owner.send(lend, Map.of("to", "ludmila", "weight", "40")).isStatus(303);
    String share = "/v1/llm-services/laszlo/chat/shares/ludmila";
    assertThat(owner.api().get(share).at("/weight").intValue()).isEqualTo(40);
    assertThat(owner.open("/console/services/laszlo/chat/people").body()).contains("weight 40");
    owner
        .browser()
        .submit(owner.open(lend + "?to=ludmila"), lend, Map.of("weight", ""))
        .isStatus(303);
    assertThat(owner.api().get(share).at("/weight").intValue()).isEqualTo(10);
  }

  @Test
  void a_kind_that_the_service_does_not_lend_is_refused_at_its_field() {
    Person owner = withService("lothar");
    SERVED.person("lorna");
    String lend = "/console/services/lothar/chat/lend";

    TestResponse refused = owner.send(lend, Map.of("to", "lorna", "limit_storage", "files"));

    assertThat(refused.isStatus(422).body())
        .contains("id=\"limit_storage-more\"><span class=\"field-error\">");
  }

  @Test
  void a_loan_that_would_have_ended_already_is_refused_at_its_day() {
    Person owner = withService("pasquale");
    SERVED.person("petra");
    String lend = "/console/services/pasquale/chat/lend";

    TestResponse refused = owner.send(lend, Map.of("to", "petra", "until", "2020-01-31"));

    assertThat(refused.isStatus(422).body())
        .contains("value=\"2020-01-31\"")
        .contains("id=\"until-more\"><span class=\"field-error\">a day that has not passed<");

    String share = "/v1/llm-services/pasquale/chat/shares/petra";
    Map<String, ?> ended = Map.of("role", "reader", "expires_at", "2020-01-31T12:00:00Z");
    owner.api().put(share, ended).isStatus(201);
    TestResponse shown = owner.open(lend + "?to=petra").isStatus(200);
    assertThat(shown.body())
        .contains(
            "petra could call pasquale/chat until 31 January 2020 (UTC); the share has ended.");
    owner.browser().submit(shown, lend, Map.of("weight", "20")).isStatus(303);
    assertThat(owner.api().get(share).text("/expires_at")).isEqualTo("2020-01-31T12:00:00Z");
  }

  @Test
  void a_form_that_a_co_owner_sends_does_not_give_a_share_in_the_name_of_the_owners_file() {
    Person owner = withService("pomona");
    Person coOwner = SERVED.person("pancho");
    SERVED.person("pearl");
    String lend = "/console/services/pomona/chat/lend";
    String shares = "/v1/llm-services/pomona/chat/shares/";
    owner
        .api()
        .put(shares + "pancho", Map.of("role", "owner", "may_reshare", true, "to_everybody", true))
        .isStatus(201);
    owner.api().put(shares + "pearl", Map.of("role", "reader", "applied_by", "team")).isStatus(201);

    owner
        .browser()
        .submit(owner.open(lend + "?to=pearl"), lend, Map.of("weight", "8"))
        .isStatus(303);
    assertThat(owner.api().get(shares + "pearl").text("/applied_by")).isEqualTo("team");
    coOwner
        .browser()
        .submit(coOwner.open(lend + "?to=pearl"), lend, Map.of("weight", "7"))
        .isStatus(303);
    assertThat(owner.api().get(shares + "pearl").at("/applied_by").isNull()).isTrue();
  }

  /** The shared time of these tests is not the time of the machine that runs them. */
  @Test
  void whether_a_day_has_passed_is_decided_by_the_shared_time() {
    Person owner = withService("patrizia");
    SERVED.person("paula");
    String lend = "/console/services/patrizia/chat/lend";
    LocalDate today = LocalDate.ofInstant(SERVED.ports().clock().instant(), ZoneOffset.UTC);

    owner.send(lend, Map.of("to", "paula", "until", "" + today.minusDays(1))).isStatus(422);
    owner.send(lend, Map.of("to", "paula", "until", "" + today)).isStatus(303);
  }

  @Test
  void an_end_that_no_page_can_have_shown_is_refused() {
    Person owner = withService("paolo");
    SERVED.person("piet");
    String lend = "/console/services/paolo/chat/lend";

    for (String end : List.of("soon", "-1000000000-01-01T00:00:00Z")) {
      Map<String, String> sent = new HashMap<>(FormBrowser.fields(owner.open(lend), lend));
      sent.putAll(Map.of("to", "piet", "until", "2040-03-01", "ends_at", end));
      owner
          .browser()
          .post(lend, sent, "Sec-Fetch-Site", "same-origin", "Origin", "null")
          .isStatus(422);
    }
  }

  @Test
  void what_a_loan_may_not_give_is_refused_at_its_field() {
    Person owner = withService("gina");
    SERVED.person("gustav");
    SERVED.root().api().put("/v1/groups/gina-lab", Map.of()).isStatus(201);
    SERVED
        .root()
        .api()
        .put("/v1/groups/gina-lab/members/gina", Map.of("role", "member"))
        .isStatus(201);
    String lend = "/console/services/gina/chat/lend";

    TestResponse group = owner.send(lend, Map.of("to", "@gina-lab", "role", "owner"));
    TestResponse open =
        owner.send(lend, Map.of("to", "gustav", "to_everybody", "yes", "may_reshare", ""));

    assertThat(ServedConsole.sound(group.isStatus(422)).body())
        .containsPattern("<select name=\"role\" aria-invalid=\"true\" autofocus")
        .containsPattern("id=\"role-more\"><span class=\"field-error\">[^<]*group");
    assertThat(ServedConsole.sound(open.isStatus(422)).body())
        .containsPattern("name=\"(may_reshare|to_everybody)\"[^>]* aria-invalid=\"true\"")
        .containsPattern("id=\"(may_reshare|to_everybody)-more\"><span class=\"field-error\">");
  }

  @Test
  void a_choice_fills_the_terms_and_keeps_to_whom_and_which_models() {
    Person owner = withService("chloe");
    SERVED.person("carlo");
    String lend = "/console/services/chloe/chat/lend";
    Map<String, String> typed = fieldsOf(owner.open(lend), lend);
    typed.putAll(Map.of("to", "carlo", "models", "m", "amount1", "7", "amount2", "8"));
    typed.put("concurrent_calls", "3");

    String unpriced = filled(owner, lend, typed, "try");

    assertThat(unpriced)
        .contains("200,000 tokens in all, 7 days", "value=\"200000\"", "value=\"carlo\"")
        .contains(
            "carlo may call chloe/chat with " + named("m") + " until ",
            "at most 20 requests a minute");
    assertThat(unpriced).doesNotContain("value=\"7\"", "value=\"8\"", "value=\"3\"");
    owner
        .api()
        .put(
            "/v1/llm-services/chloe/chat/prices?model=m",
            Map.of("valid_from", "2026-01-01", "input", "1", "output", "5"))
        .isStatus(201);
    String priced = filled(owner, lend, typed, "daily");
    assertThat(priced)
        .contains(
            "carlo may call chloe/chat with "
                + named("m")
                + ", at most 60 requests a minute and $20 a month.");
    assertThat(filled(owner, lend, typed, "job")).contains("$50 in all");
    assertThat(filled(owner, lend, typed, "nothing-known")).contains("value=\"7\"");
  }

  /** Returns the form's fields as a browser sends them, which leaves out boxes without a tick. */
  private static Map<String, String> fieldsOf(TestResponse page, String form) {
    Map<String, String> fields = new HashMap<>(FormBrowser.fields(page, form));
    fields.keySet().removeAll(Set.of("may_reshare", "to_everybody"));
    return fields;
  }

  @Test
  void before_somebody_is_named_the_page_says_what_whoever_is_named_may_do() {
    Person owner = withService("clea");
    String lend = "/console/services/clea/chat/lend";
    assertThat(owner.open(lend).body()).contains("Whoever you name may call clea/chat.");
    Map<String, String> typed = fieldsOf(owner.open(lend), lend);
    typed.put("requests_per_minute", "5");
    assertThat(preview(owner, lend, typed))
        .contains("Whoever you name may call clea/chat, at most 5 requests a minute.");
    assertThat(filled(owner, lend, typed, "")).contains("at most 5 requests a minute.");
    typed.putAll(Map.of("max_objects", "7", "max_bytes", "2000"));
    assertThat(preview(owner, lend, typed))
        .contains("at most 5 requests a minute and 7 objects stored and 2,000 bytes stored.");
    typed.put("limit_storage", "none");
    assertThat(preview(owner, lend, typed)).contains("2,000 bytes stored, nothing stored.");
  }

  @Test
  void models_that_all_members_of_a_group_may_call_are_set_apart_too() {
    Person owner = withService("gail");
    SERVED.root().api().put("/v1/groups/glee", Map.of()).isStatus(201);
    SERVED.root().api().put("/v1/groups/glee/members/gail", Map.of("role", "member")).isStatus(201);
    String lend = "/console/services/gail/chat/lend";
    Map<String, String> sent = fieldsOf(owner.open(lend), lend);
    sent.putAll(Map.of("to", "@glee", "pooled_models", "m"));
    assertThat(preview(owner, lend, sent))
        .contains("gail/chat; all members together only " + named("m") + ".");
    sent.put("pooled_requests_per_minute", "5");
    assertThat(preview(owner, lend, sent))
        .contains("all members together 5 requests a minute and only " + named("m") + ".");
  }

  private static String filled(
      Person owner, String lend, Map<String, String> typed, String choice) {
    Map<String, String> sent = new HashMap<>(typed);
    sent.put("choice", choice);
    return ServedConsole.sound(
            owner
                .browser()
                .post(lend + "/terms", sent, "Sec-Fetch-Site", "same-origin", "Origin", "null")
                .isStatus(200))
        .body();
  }

  @Test
  void a_budget_in_dollars_without_prices_is_warned_of_before_it_is_given() {
    Person owner = withService("wolf");
    SERVED.person("wera");
    String lend = "/console/services/wolf/chat/lend";
    Map<String, String> sent = new HashMap<>(FormBrowser.fields(owner.open(lend), lend));
    sent.putAll(Map.of("to", "wera", "amount1", "20", "models", "gpt-known\nunheard-of\ntext-*"));

    assertThat(preview(owner, lend, sent))
        .contains(
            "Calls are refused until %s, %s have a price."
                .formatted(named("gpt-known"), named("unheard-of")))
        .contains("/console/services/wolf/chat/prices");
    sent.put("unpriced1", "allow");
    assertThat(preview(owner, lend, sent)).contains("use up nothing of the budget");
    owner
        .api()
        .put(
            "/v1/llm-services/wolf/chat/prices?model=gpt-known",
            Map.of("valid_from", "2026-01-01", "input", "1", "output", "5"))
        .isStatus(201);
    assertThat(preview(owner, lend, sent)).contains("a price for " + named("unheard-of") + ".");
    sent.put("models", "gpt-known");
    assertThat(preview(owner, lend, sent)).contains("wera may call").doesNotContain("Nobody has");
    sent.putAll(Map.of("models", "unheard-of", "unit1", "tokens", "unpriced1", ""));
    assertThat(preview(owner, lend, sent)).contains("wera may call").doesNotContain("Nobody has");
  }

  @Test
  void a_handle_that_does_not_exist_marks_the_field_and_promises_nothing() {
    Person owner = withService("ludo");
    Person unused = SERVED.person("hidden-lia");
    String lend = "/console/services/ludo/chat/lend";
    Map<String, String> sent = new HashMap<>(FormBrowser.fields(owner.open(lend), lend));
    for (String nobody : List.of("nobody-here", "@nobody-here")) {
      TestResponse refused = owner.send(lend, Map.of("to", nobody, "role", "reader"));
      assertThat(ServedConsole.sound(refused.isStatus(422)).body())
          .containsPattern("name=\"to\" value=\"" + nobody + "\"[^>]* aria-invalid=\"true\"")
          .containsPattern("id=\"to-more\"><span class=\"field-error\">There is no")
          .doesNotContain("may call");
    }
    sent.put("to", "@nobody-here");
    assertThat(preview(owner, lend, sent))
        .contains("There is no group @nobody-here.")
        .doesNotContain("may call");

    // Somebody whom the lender can't see is told apart from nobody only by lending, which is
    // recorded.
    sent.put("to", "hidden-lia");
    String ofSomebody = preview(owner, lend, sent);
    assertThat(ofSomebody).contains("If there is a user hidden-lia: hidden-lia may call");
    sent.put("to", "nobody-here");
    assertThat(preview(owner, lend, sent))
        .isEqualTo(ofSomebody.replace("hidden-lia", "nobody-here"));
    owner.send(lend, Map.of("to", "hidden-lia", "role", "reader")).isStatus(303);
    sent.put("to", "hidden-lia");
    assertThat(preview(owner, lend, sent)).doesNotContain("If there is");
  }

  private static String preview(Person owner, String lend, Map<String, String> sent) {
    return owner
        .browser()
        .post(lend + "/preview", sent, "Sec-Fetch-Site", "same-origin", "Origin", "null")
        .isStatus(200)
        .body();
  }

  @Test
  void who_may_not_lend_is_led_to_the_owner_and_a_stranger_learns_nothing() {
    Person owner = withService("walter");
    Person reader = SERVED.person("wanda");
    Person stranger = SERVED.person("wim");
    owner
        .api()
        .put("/v1/llm-services/walter/chat/shares/wanda", Map.of("role", "reader"))
        .isStatus(201);
    String lend = "/console/services/walter/chat/lend";

    TestResponse refused = reader.send(lend, Map.of("to", "wim")).isStatus(403);

    Matcher link = ASK.matcher(ServedConsole.sound(refused).body());
    assertThat(link.find()).isTrue();
    assertThat(reader.open(link.group(1)).isStatus(200).body())
        .contains("Ask for more of walter/chat", "value=\"owner\" selected");
    stranger.open(lend).isStatus(404);
    stranger.open(link.group(1)).isStatus(404);
    TestResponse ended = reader.browser().submit(refused, lend, Map.of("to", "wim")).isStatus(403);
    assertThat(ended.body()).contains("Ask the owner for it");
    Map<String, String> form = new HashMap<>(FormBrowser.fields(refused, lend));
    form.put("version", owner.api().get("/v1/llm-services/walter/chat").at("/version").asString());
    TestResponse page =
        reader
            .browser()
            .post("/console/services/walter/chat/enabled", form, "Sec-Fetch-Site", "same-origin");
    assertThat(page.isStatus(403).body())
        .contains("<h1>walter/chat</h1>", "does not allow", "Ask the owner for it");
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
                    "weight",
                    30,
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
    chosen.put("objects", "");
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
    assertThat(ServedConsole.sound(twice.isStatus(422)).body())
        .containsPattern("id=\"amount1-more\"><span class=\"field-error\">[^<]*at most one budget")
        .containsPattern("name=\"amount1\"[^>]* aria-invalid=\"true\"");
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
        Map.of("role", "reader", "requests_per_minute", "5", "may_reshare", "", "to_everybody", "");
    owner.browser().submit(refused, lend, kept).isStatus(303);
    assertThat(owner.api().get(share).text("/role")).isEqualTo("reader");
  }

  @Test
  void a_name_with_spaces_around_it_keeps_what_was_typed_when_the_share_exists() {
    Person owner = withService("lotte");
    SERVED.person("lutz");
    String share = "/v1/llm-services/lotte/chat/shares/lutz";
    String lend = "/console/services/lotte/chat/lend";
    TestResponse open = owner.open(lend);
    owner.api().put(share, Map.of("role", "writer")).isStatus(201);
    Map<String, String> mine = Map.of("to", " lutz ", "role", "reader", "requests_per_minute", "5");
    TestResponse refused = owner.browser().submit(open, lend, mine).isStatus(412);
    assertThat(ServedConsole.sound(refused).body())
        .contains("exists already", "Stored now", "writer")
        .containsPattern("name=\"requests_per_minute\"[^>]* value=\"5\"");
    Map<String, String> kept = Map.of("may_reshare", "", "to_everybody", "");
    owner.browser().submit(refused, lend, kept).isStatus(303);
    assertThat(owner.api().get(share).text("/role")).isEqualTo("reader");
  }

  @Test
  void a_form_that_was_sent_twice_ends_on_the_same_page() {
    Person owner = withService("lore");
    SERVED.person("luca");
    String lend = "/console/services/lore/chat/lend";
    TestResponse open = owner.open(lend);
    Map<String, String> typed =
        Map.of("to", "luca", "role", "reader", "may_reshare", "", "to_everybody", "");
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
        .submit(refused, lend, Map.of("role", "reader", "may_reshare", "", "to_everybody", ""))
        .isStatus(303);
    owner.api().get(share).isStatus(200);
  }

  private static Map<String, Object> budget(
      String amount, String unit, String window, String zone) {
    return Map.of("amount", amount, "unit", unit, "window", window, "zone", zone);
  }

  private static Person withService(String handle) {
    return SERVED.owner(handle, Map.of("provider", "openai", "model", "m"));
  }
}
