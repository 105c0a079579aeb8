package io.claviger.console.audit;

import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The audit trail with its filters, pages and export. */
class AuditPagesTest {
  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();
  private static final String AUDIT = "/console/audit";
  private static final Pattern LINE = Pattern.compile("<dt>Event</dt><dd>([^<]*)</dd>");

  @Test
  void filters_are_in_the_address_and_pages_neither_skip_nor_repeat() {
    for (int i = 0; i < 40; i++) {
      CONSOLE
          .apiOf("many")
          .put(
              "/v1/llm-services/many/service-" + i, Map.of("provider", "openai", "model", "gpt-4o"))
          .isStatus(201);
    }
    FormBrowser root = CONSOLE.browserOf("root");
    TestResponse first =
        sound(root.open(AUDIT + "?action=service.create&actor=many").isStatus(200));
    assertThat(first.body()).contains("selected", "value=\"many\"");
    Matcher next =
        Pattern.compile("href=\"(/console/audit\\?[^\"]*after=[^\"]*)\"").matcher(first.body());
    assertThat(next.find()).isTrue();
    TestResponse second = sound(root.open(next.group(1).replace("&amp;", "&")).isStatus(200));
    var ids = LINE.matcher(first.body() + second.body()).results().map(m -> m.group(1)).toList();
    assertThat(ids).hasSize(40).doesNotHaveDuplicates();
    assertThat(second.body()).doesNotContain("after=", "user.create</td>");
  }

  @Test
  void a_hostile_reference_is_shown_harmless_and_exported_as_text() {
    CONSOLE.apiOf("root").put("/v1/groups/%3Cscript%3Ealert(1)", Map.of()).isStatus(422);
    CONSOLE.apiOf("root").get("/v1/users/nobody-at-all").isStatus(404);
    CONSOLE.apiOf("root").delete("/v1/users/root").isStatus(409);
    FormBrowser root = CONSOLE.browserOf("root");
    assertThat(sound(root.open(AUDIT + "?target=root")).body())
        .contains("user.delete", "refused", "last_administrator");
    TestResponse file = root.open(AUDIT + "/export?target=root").isStatus(200);
    assertThat(file.header("Content-Disposition")).isEqualTo("attachment; filename=\"audit.csv\"");
    assertThat(file.header("Content-Type")).startsWith("text/csv");
    assertThat(file.header("Cache-Control")).isEqualTo("no-store");
    assertThat(file.body()).startsWith("id,at,actor,action,").contains(",user.delete,user,root,");
  }

  /** The shared time of these tests is not the time of the machine that runs them. */
  @Test
  void an_empty_day_asks_who_can_use_a_service_on_the_day_of_the_shared_time() {
    CONSOLE
        .apiOf("hugo")
        .put("/v1/llm-services/hugo/own", Map.of("provider", "openai", "model", "gpt-4o"))
        .isStatus(201);
    LocalDate today = LocalDate.ofInstant(CONSOLE.ports().clock().instant(), ZoneOffset.UTC);
    FormBrowser hugo = CONSOLE.browserOf("hugo");
    String page = AUDIT + "/access";
    assertThat(sound(hugo.open(page)).isStatus(200).body())
        .contains("name=\"day\" value=\"\"", "Empty: today (UTC)");
    for (String day : List.of("", today.toString())) {
      assertThat(sound(hugo.open(page + "?service=hugo/own&day=" + day).isStatus(200)).body())
          .contains("name=\"day\" value=\"" + day + "\"", "</bdi> on " + today + ",");
    }
    assertThat(hugo.open(page + "?service=hugo/own&day=" + today.plusDays(1)).isStatus(422).body())
        .contains("nobody knows yet who can use the service on a later day");
  }

  @Test
  void others_see_the_events_of_what_is_theirs_alone() {
    CONSOLE.apiOf("root").put("/v1/groups/not-yours", Map.of()).isStatus(201);
    FormBrowser other = CONSOLE.browserOf("hanna");
    CONSOLE
        .apiOf("hanna")
        .put("/v1/llm-services/hanna/own", Map.of("provider", "openai", "model", "gpt-4o"))
        .isStatus(201);
    assertThat(sound(other.open(AUDIT)).body()).contains("hanna/own").doesNotContain("not-yours");
    assertThat(other.open(AUDIT + "/export").body())
        .contains("hanna/own")
        .doesNotContain("not-yours");
  }

  @Test
  void a_line_says_to_whom_something_was_lent_and_on_which_terms() {
    CONSOLE.apiOf("liz").get("/v1/me").isStatus(200);
    CONSOLE.apiOf("lou").get("/v1/me").isStatus(200);
    String service = "/v1/llm-services/liz/lent";
    CONSOLE.apiOf("liz").put(service, Map.of("provider", "openai", "model", "m")).isStatus(201);
    CONSOLE.apiOf("liz").put(service + "/shares/lou", Map.of("role", "reader")).isStatus(201);
    CONSOLE.apiOf("liz").put(service + "/shares/lou", Map.of("role", "writer")).isStatus(200);
    CONSOLE.apiOf("lou").put(service + "/shares/root", Map.of("role", "reader")).isStatus(403);
    FormBrowser liz = CONSOLE.browserOf("liz");

    assertThat(sound(liz.open(AUDIT + "?target=liz/lent&outcome=done")).body())
        .contains(
            "<bdi>liz</bdi> lent <bdi>liz/lent</bdi> to <bdi>lou</bdi> as reader\n",
            "to <bdi>lou</bdi> as writer instead of reader",
            "role</th><td><bdi>reader</bdi></td><td><bdi>writer</bdi></td>")
        .doesNotContain(">refused</span>");
    assertThat(sound(liz.open(AUDIT + "?target=liz/lent&outcome=refused")).body())
        .contains(">refused</span>", "forbidden");
    assertThat(liz.open(AUDIT + "/export?action=service.share").body())
        .contains("grantee,terms", "lou,role: reader \u2192 writer");
    sound(liz.open(AUDIT + "?outcome=fine").isStatus(422));
  }

  @Test
  void a_change_shows_the_values_before_and_after_and_neither_secrets_nor_addresses() {
    String service = "/v1/llm-services/vera/valued";
    Client vera = CONSOLE.apiOf("vera");
    vera.put(service, Map.of("provider", "openai", "model", "old-model")).isStatus(201);
    vera.patch(
            service,
            Map.of(
                "model", "new-model",
                "description", "one\ntwo",
                "api_key", "sk-before-and-after",
                "endpoint", "https://api.openai.com/v1",
                "limits", Map.of("requests_per_minute", 7),
                "budgets_in_all",
                    List.of(Map.of("amount", "20", "unit", "usd", "window", "month"))))
        .isStatus(200);
    vera.put("/v1/projects/vera/plan", Map.of()).isStatus(201);
    vera.patch("/v1/projects/vera/plan", Map.of("service", "vera/valued")).isStatus(200);
    Client root = CONSOLE.apiOf("root");
    root.patch("/v1/users/vera", Map.of("display_name", "Vera V.", "email", "v@example.org"))
        .isStatus(200);
    root.put("/v1/users/vera/limits", Map.of("requests_per_minute", 90)).isStatus(200);
    root.put("/v1/groups/valued", Map.of("display_name", "Before")).isStatus(201);
    root.patch("/v1/groups/valued", Map.of("display_name", "Behind")).isStatus(200);

    String own = sound(CONSOLE.browserOf("vera").open(AUDIT)).body();
    assertThat(own)
        .contains(
            row("model", "old-model", "new-model"),
            row("description", "\u2013", "one two"),
            row("requests per minute", "\u2013", "7"),
            row("budgets of all callers together", "\u2013", "20 usd/month UTC"),
            row("service", "\u2013", "vera/valued"),
            row("display name", "vera", "Vera V."),
            row("requests per minute", "\u2013", "90"))
        .doesNotContain("sk-before-and-after", "v@example.org");
    assertThat(sound(CONSOLE.browserOf("root").open(AUDIT + "?action=group.update")).body())
        .contains(row("display name", "Before", "Behind"));
  }

  private static String row(String field, String before, String after) {
    return "%s</th><td><bdi>%s</bdi></td><td><bdi>%s".formatted(field, before, after);
  }

  @Test
  void a_filter_with_a_nul_is_refused_in_a_sentence() {
    TestResponse refused = CONSOLE.browserOf("root").open(AUDIT + "?target=a%00b");
    assertThat(sound(refused.isStatus(400)).body()).contains("a character that no text can have");
  }

  @Test
  void a_bad_filter_is_told_beside_its_field_and_stays() {
    FormBrowser root = CONSOLE.browserOf("root");
    for (String filter :
        new String[] {
          "actor=%3Cscript%3Ealert(1)", "from=2026-13-40", "from=2026-02-02&to=2026-01-01"
        }) {
      TestResponse page = sound(root.open(AUDIT + "?" + filter).isStatus(422));
      assertThat(page.body()).contains("field-error");
    }
    sound(root.open(AUDIT + "?action=none&after=x").isStatus(422));
    root.open(AUDIT + "/export?from=x").isStatus(422);
  }
}
