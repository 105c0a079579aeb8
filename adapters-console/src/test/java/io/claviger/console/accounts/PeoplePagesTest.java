package io.claviger.console.accounts;

import static io.claviger.console.served.ServedConsole.HOSTILE;
import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What administrators do with people and service accounts, and nobody else. */
class PeoplePagesTest {
  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();
  private static final String NEW = "/console/new-person";

  private final FormBrowser root = CONSOLE.browserOf("root");

  @Test
  void an_added_person_gets_a_token_that_is_shown_once_and_signs_in() {
    TestResponse page = sound(root.open(NEW).isStatus(200));
    TestResponse added =
        sound(
            root.submit(page, NEW, Map.of("handle", "carol", "display_name", HOSTILE))
                .isStatus(201));
    String token = shownToken(added);
    TestResponse shown = sound(root.open("/console/people/carol").isStatus(200));
    assertThat(shown.body()).contains("&lt;script&gt;alert").doesNotContain(token);
    assertThat(CONSOLE.served().holding(token).get("/v1/me").isStatus(200).text("/handle"))
        .isEqualTo("carol");
    assertThat(sound(root.open("/console/people")).body())
        .contains("carol", "&lt;script&gt;alert")
        .doesNotContain(token);
  }

  /**
   * The length of a compressed page would show whether a text that somebody typed resembles the
   * token.
   */
  @Test
  void the_page_that_shows_a_token_once_is_not_compressed() {
    Map<String, String> form = new HashMap<>(FormBrowser.fields(root.open(NEW), NEW));
    form.put("handle", "cora");
    TestResponse added =
        root.post(
            NEW,
            form,
            "Sec-Fetch-Site",
            "same-origin",
            "Origin",
            "null",
            "Accept-Encoding",
            "gzip");
    assertThat(added.isStatus(201).header("Content-Encoding")).isEmpty();
    assertThat(added.body()).hasSizeGreaterThan(1_500).contains(shownToken(added));
  }

  @Test
  void people_are_counted_and_searched_page_by_page() {
    for (int n = 0; n < 27; n++) {
      CONSOLE
          .served()
          .root()
          .post("/v1/users", Map.of("handle", "crowd-%02d".formatted(n)))
          .isStatus(201);
    }
    assertThat(sound(root.open("/console/people?q=CROWD-").isStatus(200)).body())
        .contains("27 accounts", "crowd-00", "after=crowd-24", "q=CROWD-")
        .doesNotContain("crowd-26");
    assertThat(root.open("/console/people?q=crowd-26").body())
        .contains("1 account with", "crowd-26");
    assertThat(root.open("/console/people?q=crowd_").body()).contains("0 accounts");
    assertThat(CONSOLE.served().root().get("/v1/users?q=crowd-2").at("/items").size()).isEqualTo(7);
    assertThat(CONSOLE.apiOf("ulrike").get("/v1/users?q=crowd").status()).isEqualTo(403);
  }

  @Test
  void who_locks_a_person_out_sees_whose_tokens_the_person_may_know() {
    CONSOLE.apiOf("rita");
    var api = CONSOLE.served().root();
    api.put("/v1/groups/pilots", Map.of()).isStatus(201);
    api.put("/v1/groups/pilots/members/rita", Map.of("role", "manager")).isStatus(201);
    for (String responsible : List.of("rita", "@pilots")) {
      api.post(
              "/v1/users",
              Map.of(
                  "handle",
                  "bot-of-" + responsible.replace("@", ""),
                  "kind",
                  "service",
                  "responsible",
                  responsible))
          .isStatus(201);
    }

    for (String page : List.of("", "/access", "/identity", "/delete")) {
      assertThat(sound(root.open("/console/people/rita" + page).isStatus(200)).body())
          .as(page)
          .contains(
              "/console/people/bot-of-rita/access",
              "/console/people/bot-of-pilots/access",
              "revoke these tokens");
      assertThat(sound(root.open("/console/people/root" + page).isStatus(200)).body())
          .as(page)
          .doesNotContain("revoke these tokens");
    }
    assertThat(sound(CONSOLE.browserOf("rita").open("/console/people/rita").isStatus(200)).body())
        .doesNotContain("revoke these tokens");
    assertThat(sound(root.open("/console/people/bot-of-rita").isStatus(200)).body())
        .doesNotContain("revoke these tokens");
  }

  @Test
  void a_persons_page_says_what_they_may_use() {
    var owner = CONSOLE.apiOf("uma");
    var borrower = CONSOLE.apiOf("ulf");
    owner.put("/v1/llm-services/uma/chat", Map.of("provider", "openai", "model", "gpt-4o"));
    owner
        .put(
            "/v1/llm-services/uma/chat/shares/ulf",
            Map.of(
                "role", "writer",
                "expires_at", "2040-01-01T00:00:00Z",
                "limits", Map.of("requests_per_minute", 60)))
        .isStatus(201);
    borrower.put("/v1/llm-services/ulf/own", Map.of("provider", "openai", "model", "gpt-5"));

    String page = sound(root.open("/console/people/ulf").isStatus(200)).body();
    assertThat(page)
        .contains("What they may use", "2 services", "uma/chat", "writer", "60 requests a minute")
        .contains("<time datetime=\"2040-01-01T00:00:00Z\">", "ulf/own", ">owner<");
    assertThat(CONSOLE.browserOf("ulf").open("/console/people/ulf").body()).contains("uma/chat");
    assertThat(CONSOLE.browserOf("uma").open("/console/people/ulf").status()).isEqualTo(404);
  }

  @Test
  void a_service_account_needs_somebody_responsible_and_the_form_says_so() {
    TestResponse page = root.open(NEW);
    TestResponse refused =
        sound(root.submit(page, NEW, Map.of("handle", "crawler", "kind", "service")).isStatus(422));
    assertThat(refused.body()).contains("field-error", "value=\"crawler\"");
    root.submit(refused, NEW, Map.of("handle", "crawler", "kind", "service", "responsible", "root"))
        .isStatus(201);
    assertThat(root.open("/console/people/crawler").body()).contains("service account", "root");
  }

  /**
   * If the field were ignored, the administrator would believe that somebody is responsible for the
   * account.
   */
  @Test
  void what_an_account_of_this_kind_cannot_have_is_refused_beside_its_field() {
    TestResponse person =
        root.submit(root.open(NEW), NEW, Map.of("handle", "pia", "responsible", "root"));
    assertThat(sound(person.isStatus(422)).body())
        .contains("Only service accounts have a responsible user or group.", "value=\"root\"");
    TestResponse program =
        root.submit(
            root.open(NEW),
            NEW,
            Map.of(
                "handle",
                "pib",
                "kind",
                "service",
                "responsible",
                "root",
                "administrator",
                "true"));
    assertThat(sound(program.isStatus(422)).body())
        .contains("A service account can't be an administrator.");
    for (String none : List.of("pia", "pib")) {
      assertThat(root.open("/console/people/" + none).status()).as(none).isEqualTo(404);
    }
  }

  @Test
  void a_field_that_needs_a_value_is_not_cleared_without_a_word() {
    String page = "/console/people/clara";
    CONSOLE.apiOf("clara");
    TestResponse named =
        root.submit(root.open(page), page, Map.of("display_name", "  ", "email", "c@example.org"));
    assertThat(sound(named.isStatus(422)).body())
        .contains("This field can't be empty.", "value=\"c@example.org\"");
    assertThat(root.open(page).body()).doesNotContain("c@example.org");

    CONSOLE
        .served()
        .root()
        .post("/v1/users", Map.of("handle", "clara-bot", "kind", "service", "responsible", "clara"))
        .isStatus(201);
    String account = "/console/people/clara-bot";
    TestResponse alone = root.submit(root.open(account), account, Map.of("responsible", ""));
    assertThat(sound(alone.isStatus(422)).body()).contains("Name a responsible user");
    TestResponse kept = CONSOLE.served().root().get("/v1/users/clara-bot").isStatus(200);
    assertThat(kept.text("/responsible")).isEqualTo("clara");
  }

  @Test
  void a_value_that_was_not_changed_keeps_the_spaces_around_it() {
    String page = "/console/people/spacy";
    CONSOLE
        .apiOf("spacy")
        .patch("/v1/users/spacy", Map.of("display_name", "  Spacy "))
        .isStatus(200);

    root.submit(root.open(page), page, Map.of("email", " s@example.org ")).isStatus(303);

    TestResponse stored = CONSOLE.served().root().get("/v1/users/spacy").isStatus(200);
    assertThat(stored.text("/display_name")).isEqualTo("  Spacy ");
    assertThat(stored.text("/email")).isEqualTo("s@example.org");
  }

  @Test
  void what_was_typed_stays_when_a_handle_is_taken() {
    CONSOLE.apiOf("dora");
    TestResponse page = root.open(NEW);
    TestResponse refused =
        sound(
            root.submit(
                    page,
                    NEW,
                    Map.of("handle", "dora", "display_name", HOSTILE, "email", "d@example.org"))
                .isStatus(409));
    assertThat(refused.body())
        .contains("role=\"alert\"", "value=\"d@example.org\"", "script>alert");
  }

  @Test
  void two_tabs_that_change_one_person_are_told_and_see_both_versions() {
    CONSOLE.apiOf("erin");
    String path = "/console/people/erin";
    TestResponse one = root.open(path);
    TestResponse other = root.open(path);
    root.submit(one, path, changed("First")).isStatus(303);
    TestResponse refused = sound(root.submit(other, path, changed("Second")).isStatus(412));
    assertThat(refused.body()).contains("First", "Second", "Stored now");
    root.submit(refused, path, changed("Second")).isStatus(303);
    assertThat(root.open(path).body()).contains("<bdi>Second</bdi>").doesNotContain("First");
  }

  @Test
  void a_deletion_says_first_what_ends_by_count_and_name() {
    CONSOLE
        .apiOf("frank")
        .put(
            "/v1/llm-services/frank/chat",
            Map.of(
                "provider", "openai",
                "model", "gpt-4o",
                "endpoint", "https://api.openai.com/v1",
                "api_key", "sk-franks-secret"))
        .isStatus(201);
    String path = "/console/people/frank/delete";
    TestResponse warning = sound(root.open(path).isStatus(200));
    assertThat(warning.body())
        .contains(
            "Services that end: 1", "frank/chat", "Projects that end: 0", "Revoke such tokens.")
        .doesNotContain("sk-franks-secret");
    Map<String, String> sent = Map.of("force", "yes");
    assertThat(root.submit(warning, path, sent).isStatus(303).header("Location"))
        .isEqualTo("/console/people");
    root.open("/console/people/frank").isStatus(404);
  }

  @Test
  void what_a_suspended_person_owns_is_offered_to_an_heir_who_accepts_it() {
    CONSOLE
        .apiOf("gina")
        .put("/v1/llm-services/gina/chat", Map.of("provider", "openai", "model", "gpt-4o"))
        .isStatus(201);
    CONSOLE.apiOf("hedi");
    String path = "/console/people/gina/delete";
    String heir = "/console/people/gina/heir";
    assertThat(sound(root.open(path).isStatus(200)).body())
        .contains("once the account is suspended")
        .doesNotContain(heir);
    User gina = CONSOLE.ports().users().find(new Handle("gina")).orElseThrow();
    CONSOLE
        .ports()
        .users()
        .update(gina.withSuspension(Optional.of(gina.createdAt()), gina.createdAt()));

    TestResponse page = sound(root.open(path).isStatus(200));
    TestResponse refused = sound(root.submit(page, heir, Map.of("to", "nobody")).isStatus(422));
    assertThat(refused.body()).contains("field-error", "value=\"nobody\"", "gina/chat");
    TestResponse offered = root.submit(refused, heir, Map.of("to", "hedi")).isStatus(303);
    assertThat(sound(root.follow(offered)).body()).contains("gina/chat", "Withdraw the offer");
    assertThat(sound(root.submit(page, heir, Map.of("to", "hedi")).isStatus(409)).body())
        .contains("role=\"alert\"");
    assertThat(sound(root.open(path)).body())
        .contains("Open offers", "href=\"" + offered.header("Location") + "\"");

    String transfer = offered.header("Location");
    FormBrowser hedi = CONSOLE.browserOf("hedi");
    hedi.submit(hedi.open(transfer), transfer + "/accept", Map.of()).isStatus(303);
    CONSOLE.apiOf("hedi").get("/v1/llm-services/hedi/chat").isStatus(200);
    assertThat(sound(root.open(path)).body()).contains("Services that end: 0").doesNotContain(heir);
  }

  @Test
  void own_projects_are_offered_even_if_many_projects_of_others_come_before_them() {
    CONSOLE.apiOf("zita").put("/v1/projects/zita/thesis", Map.of()).isStatus(201);
    CONSOLE.apiOf("hilda");
    for (int i = 0; i < 60; i++) {
      String project = "/v1/projects/aaron/p" + i;
      CONSOLE.apiOf("aaron").put(project, Map.of()).isStatus(201);
      CONSOLE.apiOf("aaron").put(project + "/shares/zita", Map.of("role", "reader")).isStatus(201);
    }
    User zita = CONSOLE.ports().users().find(new Handle("zita")).orElseThrow();
    CONSOLE
        .ports()
        .users()
        .update(zita.withSuspension(Optional.of(zita.createdAt()), zita.createdAt()));

    TestResponse page = sound(root.open("/console/people/zita/delete").isStatus(200));

    String alone = "/console/projects/zita/thesis/transfer";
    assertThat(page.body()).contains("Projects that end: 1<", "zita/thesis", alone);
    sound(root.open(alone).isStatus(200));
    TestResponse offered =
        root.submit(page, "/console/people/zita/heir", Map.of("to", "hilda")).isStatus(303);
    assertThat(sound(root.follow(offered)).body()).contains("zita/thesis");
  }

  @Test
  void why_not_everything_can_be_offered_at_once_is_told() {
    for (String name : List.of("one", "two")) {
      CONSOLE
          .apiOf("greta")
          .put(
              "/v1/llm-services/greta/" + name,
              Map.of("provider", "openai", "model", "gpt-4o", "approvals", 2))
          .isStatus(201);
    }
    CONSOLE.apiOf("hanno");
    User greta = CONSOLE.ports().users().find(new Handle("greta")).orElseThrow();
    CONSOLE
        .ports()
        .users()
        .update(greta.withSuspension(Optional.of(greta.createdAt()), greta.createdAt()));

    TestResponse page = root.open("/console/people/greta/delete");
    TestResponse refused =
        root.submit(page, "/console/people/greta/heir", Map.of("to", "hanno")).isStatus(422);

    assertThat(sound(refused).body())
        .contains("Only one service of an offer may need approvals.", "value=\"hanno\"");
  }

  @Test
  void a_long_list_is_read_in_pages_that_neither_skip_nor_repeat() {
    for (int i = 100; i < 160; i++) {
      CONSOLE.apiOf("root").post("/v1/users", Map.of("handle", "many-" + i)).isStatus(201);
    }
    String all = "";
    String path = "/console/people";
    while (!path.isEmpty()) {
      String body = sound(root.open(path).isStatus(200)).body();
      all += body;
      Matcher next = Pattern.compile("href=\"(/console/people\\?after=[^\"]*)\"").matcher(body);
      path = next.find() ? next.group(1).replace("&amp;", "&") : "";
    }
    for (int i = 100; i < 160; i++) {
      assertThat(all).containsOnlyOnce("href=\"/console/people/many-" + i + "\"");
    }
  }

  @Test
  void others_are_offered_none_of_it_and_refused() {
    FormBrowser browser = CONSOLE.browserOf("mallory");
    CONSOLE.apiOf("victim");
    assertThat(browser.open("/console").body()).doesNotContain("/console/people");
    browser.open("/console/people").isStatus(403);
    browser.open(NEW).isStatus(403);
    browser.open("/console/people/victim").isStatus(404);
    browser.open("/console/people/victim/delete").isStatus(404);
    TestResponse own = browser.open("/console/account").isStatus(200);
    Map<String, String> form =
        Map.of("page_token", proof(own), "handle", "sneaked-in", "version", "1");
    for (String path : List.of(NEW, "/console/people/victim", "/console/people/victim/delete")) {
      assertThat(
              browser.post(path, form, "Sec-Fetch-Site", "same-origin", "Origin", "null").status())
          .isIn(403, 404);
    }
    CONSOLE.apiOf("root").get("/v1/users/sneaked-in").isStatus(404);
    CONSOLE.apiOf("root").get("/v1/users/victim").isStatus(200);
  }

  @Test
  void an_address_that_nobody_has_is_not_found_and_a_bad_one_is_told() {
    root.open("/console/people/nobody-there").isStatus(404);
    sound(root.open("/console/people/%3Cscript%3Ealert(1)").isStatus(422));
    sound(root.open("/console/people?after=%3Cscript%3Ealert(1)").isStatus(422));
  }

  private static Map<String, String> changed(String name) {
    return Map.of("display_name", name);
  }

  private static String proof(TestResponse page) {
    Matcher field = Pattern.compile("name=\"page_token\" value=\"([^\"]*)\"").matcher(page.body());
    assertThat(field.find()).isTrue();
    return field.group(1);
  }

  private static String shownToken(TestResponse page) {
    Matcher token = Pattern.compile("<code id=\"token\">([^<]*)</code>").matcher(page.body());
    assertThat(token.find()).isTrue();
    return token.group(1);
  }
}
