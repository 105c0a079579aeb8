package io.claviger.console.accounts;

import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AToken;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.console.served.ContractFields;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.testkit.http.TestResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The access tokens of somebody else. */
class TokenPagesTest {
  private static final Pattern TOKEN = Pattern.compile("<code id=\"new-token\">(clv_[^<]+)<");
  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();
  private static final Person ROOT = CONSOLE.root();

  private static String page(String handle) {
    return "/console/people/" + handle + "/access";
  }

  private static String shown(TestResponse made) {
    Matcher found = TOKEN.matcher(sound(made.isStatus(200)).body());
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  private static String whose(String token) {
    return CONSOLE.served().holding(token).get("/v1/me").isStatus(200).text("/handle");
  }

  @Test
  void the_form_of_a_token_has_all_fields_that_can_be_written_and_a_missing_one_is_found() {
    Map<String, String> others =
        Map.of(
            "expires_at", "until",
            "bound_to", "networks",
            "limits", "requests_per_minute",
            "recovery", "name",
            "budgets", "amount1",
            "storage", "limit_storage",
            "certificate_sha256", "certificate");
    Set<String> written = new TreeSet<>();
    for (String schema :
        List.of("TokenCreation", "TokenNarrowing", "LimitsWrite", "TokenBindingWrite")) {
      written.addAll(ContractFields.writable(schema));
    }
    Set<String> inputs =
        ContractFields.inputs(CONSOLE.person("tina").open("/console/account").body());
    assertThat(ContractFields.missing(written, inputs, others)).isEmpty();
    written.add("region");
    assertThat(ContractFields.missing(written, inputs, others)).containsExactly("region");
  }

  @Test
  void faults_of_a_tokens_binding_are_shown_beside_their_inputs() {
    assertThat(TokenSection.fieldOf("/bound_to/certificate_sha256")).isEqualTo("certificate");
    assertThat(TokenSection.fieldOf("/bound_to/networks")).isEqualTo("networks");
    assertThat(TokenSection.fieldOf("/expires_at")).isEqualTo("until");
  }

  @Test
  void who_is_responsible_makes_and_revokes_tokens_of_a_service_account() {
    Person rex = CONSOLE.person("rex");
    ROOT.api()
        .post("/v1/users", Map.of("handle", "bot", "kind", "service", "responsible", "rex"))
        .isStatus(201);
    assertThat(sound(rex.open("/console/people/bot").isStatus(200)).body())
        .contains(page("bot"), "/console/people/bot/trusts");

    String token =
        shown(rex.send(page("bot"), page("bot") + "/tokens", Map.of("name", "<b>night</b>")));

    assertThat(whose(token)).isEqualTo("bot");
    TestResponse listed = sound(rex.open(page("bot")));
    assertThat(listed.body()).contains("&lt;b&gt;night").doesNotContain(token, "lost their tokens");
    String id = CONSOLE.served().holding(token).get("/v1/me").text("/token/id");
    String revoke = page("bot") + "/tokens/" + id + "/revoke";
    rex.browser().submit(listed, revoke, Map.of()).isStatus(303);
    rex.browser().submit(listed, revoke, Map.of()).isStatus(303);
    CONSOLE.served().holding(token).get("/v1/me").isStatus(401);
  }

  @Test
  void a_token_of_a_service_account_is_not_narrower_than_the_viewers_own() {
    Person nora = CONSOLE.person("nora");
    ROOT.api()
        .post("/v1/users", Map.of("handle", "nora-bot", "kind", "service", "responsible", "nora"))
        .isStatus(201);
    String form = page("nora-bot") + "/tokens";
    TestResponse page = nora.open(page("nora-bot"));
    assertThat(ContractFields.inputs(page.body())).contains("name").doesNotContain("narrower");

    TestResponse refused =
        nora.browser().submit(page, form, Map.of("name", "night", "narrower", "yes"));

    assertThat(sound(refused.isStatus(422)).body())
        .contains("a narrower token only for yourself", "night");
    assertThat(ROOT.api().get("/v1/users/nora-bot/tokens").isStatus(200).body())
        .doesNotContain("night");
  }

  @Test
  void an_administrator_replaces_the_tokens_of_somebody_who_lost_theirs() {
    Person lou = CONSOLE.person("lou");
    TestResponse page = sound(ROOT.open(page("lou")).isStatus(200));
    assertThat(page.body())
        .contains("ends everything with which anybody can act as them")
        .doesNotContain("Make a token");

    String token = shown(ROOT.send(page("lou"), page("lou") + "/recovery", Map.of()));

    assertThat(whose(token)).isEqualTo("lou");
    lou.api().get("/v1/me").isStatus(401);
  }

  /** A browser that somebody has left open is worth no token that may do everything. */
  @Test
  void a_token_that_may_change_things_needs_a_recent_sign_in() {
    ServedConsole served = new ServedConsole();
    try {
      Person root = served.root();
      served.person("olga");
      served.ports().clock().advance(Duration.ofMinutes(5));
      String account = "/console/account";
      Map<String, String> use = Map.of("name", "caller", "scope", "use");
      Map<String, String> manage = Map.of("name", "admin-bot", "scope", "manage", "narrower", "");

      shown(root.send(account, account + "/tokens", use));
      TestResponse refused = root.send(account, account + "/tokens", manage);
      TestResponse unrecovered = root.send(page("olga"), page("olga") + "/recovery", Map.of());

      Map<String, String> directory = Map.of("name", "b", "issuer", "https://id.example");
      TestResponse unprovisioned = root.send("/console/scim", directory);

      Map<String, String> somebody = Map.of("handle", "mallory", "kind", "person");
      TestResponse unadded = root.send("/console/new-person", somebody);

      for (TestResponse each : List.of(refused, unprovisioned, unrecovered, unadded)) {
        assertThat(sound(each.isStatus(409)).body())
            .contains("signed in less than five minutes ago", "Sign out, and sign in again");
      }
      assertThat(refused.body()).contains("value=\"admin-bot\"");
      assertThat(unadded.body()).contains("value=\"mallory\"").doesNotContain("clv_");
      TestResponse out = root.browser().submit(unrecovered, account + "/sign-in-again", Map.of());
      TestResponse again = root.open(out.isStatus(303).header("Location")).isStatus(200);
      TestResponse back =
          root.browser()
              .submit(again, "/console/sign-in/token", Map.of("token", served.served().rootToken()))
              .isStatus(303);
      assertThat(back.header("Location")).isEqualTo(page("olga"));
      shown(root.send(account, account + "/tokens", manage));
    } finally {
      served.served().close();
    }
  }

  @Test
  void who_signed_in_with_a_narrow_token_reads_how_to_sign_in_to_recover_somebody() {
    Person pat = CONSOLE.person("pat");
    Instant end = CONSOLE.ports().clock().instant().plus(Duration.ofDays(1));
    String narrow =
        ROOT.api()
            .post("/v1/users/root/tokens", Map.of("name", "day", "expires_at", end.toString()))
            .isStatus(201)
            .text("/token");

    TestResponse refused =
        CONSOLE
            .signedIn("root", narrow)
            .send(page("pat"), page("pat") + "/recovery", Map.of())
            .isStatus(403);

    assertThat(refused.body())
        .contains("A recovery token has no limits and no expiry", "a one-time link");
    pat.api().get("/v1/me").isStatus(200);
  }

  @Test
  void an_imported_token_says_where_it_comes_from() {
    CONSOLE.person("ivy");
    InMemoryPorts ports = CONSOLE.served().ports();
    User ivy = ports.users().find(new Handle("ivy")).orElseThrow();
    ports
        .accessTokens()
        .save(
            AToken.of(ivy).imported("litellm", "sk-", ports.clock().instant()).build(),
            TokenText.presented("sk-12345678").hash());

    assertThat(sound(ROOT.open(page("ivy"))).body()).contains("imported from litellm");
  }

  @Test
  void others_see_no_tokens_but_their_own() {
    Person max = CONSOLE.person("max");
    CONSOLE.person("mia");
    assertThat(max.open(page("mia")).status()).isEqualTo(404);
  }

  @Test
  void a_person_is_told_how_a_one_time_link_is_made() {
    CONSOLE.person("nan");
    assertThat(ROOT.open("/console/people/nan").body())
        .contains("./claviger sign-in-link nan", "/console/people/nan/identity");
  }
}
