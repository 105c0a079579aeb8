package io.claviger.console.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.identity.SignIn;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.identity.UnfollowedGroups;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.lang.reflect.Proxy;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of one's own account. */
class AccountPagesTest {
  private static final String PATH = "/console/account";
  private static final String KEY = "sk-canary-0123456789";
  private static final Pattern TOKEN = Pattern.compile("<code id=\"new-token\">(clv_[^<]+)<");
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();

  /** Nobody signs in with the identity provider here. */
  @RegisterExtension
  private static final ServedConsole WITH_PROVIDER =
      new ServedConsole(
          useCases ->
              useCases.with(
                  SignIn.class,
                  (SignIn)
                      Proxy.newProxyInstance(
                          SignIn.class.getClassLoader(),
                          new Class<?>[] {SignIn.class},
                          (proxy, method, given) -> {
                            throw new UnsupportedOperationException(method.getName());
                          })));

  @Test
  void a_token_is_made_shown_once_and_revoked() {
    Person tom = SERVED.person("tom");
    TestResponse made =
        tom.send(
            PATH,
            PATH + "/tokens",
            Map.of("name", ServedConsole.HOSTILE, "scope", "use", "until", "2999-01-31"));
    Matcher shown = TOKEN.matcher(ServedConsole.sound(made.isStatus(200)).body());
    assertThat(shown.find()).isTrue();
    TestResponse page = tom.open(PATH);
    assertThat(ServedConsole.sound(page).body())
        .contains("2999-02-01T00:00:00Z", "alert(", "this session began with it")
        .doesNotContain(shown.group(1));
    String id = idOf(tom, "use");
    assertThat(tom.send(PATH, PATH + "/tokens/" + id + "/revoke", Map.of()).header("Location"))
        .isEqualTo(PATH);
    assertThat(tom.open(PATH).body()).doesNotContain("2999-02-01T00:00:00Z");
    tom.browser().submit(page, PATH + "/tokens/" + id + "/revoke", Map.of()).isStatus(303);
  }

  @Test
  void unlinking_says_that_tokens_are_refused_later_to_those_whom_a_provider_made() {
    for (boolean made : new boolean[] {false, true}) {
      String handle = made ? "made" : "added";
      Person person = WITH_PROVIDER.person(handle);
      link(WITH_PROVIDER, handle, made);

      assertThat(
              ServedConsole.sound(person.open(PATH).isStatus(200))
                  .body()
                  .contains("refused some days later"))
          .isEqualTo(made);
    }
  }

  private static void link(ServedConsole served, String handle, boolean made) {
    served
        .ports()
        .identities()
        .insert(
            new LinkedIdentity(
                new Identity(new Issuer("https://id.example.org"), new Subject(handle)),
                served.ports().users().find(new Handle(handle)).orElseThrow().id(),
                false,
                false,
                Instant.EPOCH,
                Optional.empty(),
                UnfollowedGroups.NONE,
                made));
  }

  /** A server whose operator has unset the identity provider knows the identities still. */
  @Test
  void an_identity_of_a_former_provider_is_unlinked() {
    Person petra = SERVED.person("petra");
    assertThat(petra.open(PATH).isStatus(200).body()).doesNotContain("/identity/");
    link(SERVED, "petra", true);

    assertThat(ServedConsole.sound(petra.open(PATH)).body())
        .contains("https://id.example.org", "<dt>Subject</dt><dd><bdi>petra</bdi></dd>")
        .contains("1970-01-01T00:00:00Z", "<dt>Signed in last</dt><dd>never</dd>")
        .doesNotContain("refused some days later", PATH + "/identity/link");
    petra.send(PATH, PATH + "/identity/unlink", Map.of()).isStatus(303);
    assertThat(petra.open(PATH).isStatus(200).body()).doesNotContain("/identity/");
  }

  @Test
  void services_that_take_own_keys_are_listed_page_by_page() {
    Person kaito = SERVED.person("kaito");
    for (int n = 0; n < 27; n++) {
      Map<String, Object> service = new HashMap<>(Map.of("provider", "openai", "model", "gpt-4o"));
      service.put("key_policy", Map.of("central_key", false, "user_keys", true));
      kaito.api().put("/v1/llm-services/kaito/own-%02d".formatted(n), service).isStatus(201);
    }
    kaito
        .api()
        .put("/v1/llm-services/kaito/lent", Map.of("provider", "openai", "model", "gpt-4o"))
        .isStatus(201);

    assertThat(ServedConsole.sound(kaito.open(PATH).isStatus(200)).body())
        .contains("kaito/own-00", "kaito/own-24", "?keys=kaito%2Fown-24#own-keys")
        .doesNotContain("kaito/own-25", "kaito/lent/key");
    assertThat(kaito.open(PATH + "?keys=kaito%2Fown-24").body())
        .contains("kaito/own-25", "kaito/own-26")
        .doesNotContain("kaito/own-24/key", "More services");
  }

  @Test
  void a_place_in_the_list_whose_time_can_not_be_stored_is_refused() {
    Person person = SERVED.person("ludo");
    String id = "00000000-0000-0000-0000-000000000000";

    for (String time : new String[] {"+1000000000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z"}) {
      String after = URLEncoder.encode(time + "_" + id, StandardCharsets.UTF_8);
      person.open(PATH + "?after=" + after).isStatus(422);
    }
    person.open(PATH + "?after=2026-01-01T00:00:00Z_" + id).isStatus(200);
  }

  @Test
  void a_last_day_that_has_passed_is_marked() {
    Person pam = SERVED.person("pam");
    TestResponse refused =
        pam.send(PATH, PATH + "/tokens", Map.of("name", "late", "until", "2020-01-31"));
    assertThat(refused.isStatus(422).body()).contains("Give a time that has not passed");
  }

  @Test
  void a_token_is_bound_on_the_page_and_says_so() {
    Person bea = SERVED.person("bea");

    TestResponse made =
        bea.send(
            PATH,
            PATH + "/tokens",
            Map.of("name", "batch", "networks", "10.0.0.0/8, 2001:db8::/32"));
    TestResponse wrong =
        bea.send(PATH, PATH + "/tokens", Map.of("name", "batch", "networks", "10.0.0.1/8"));

    assertThat(made.isStatus(200).body())
        .contains("accepted only from <bdi>10.0.0.0/8, 2001:db8:0:0:0:0:0:0/32</bdi>");
    assertThat(wrong.isStatus(422).body()).contains("has bits beyond its prefix");
  }

  @Test
  void a_token_gets_a_budget_and_limits_on_the_page() {
    Person ben = SERVED.person("ben");

    TestResponse made =
        ben.send(
            PATH,
            PATH + "/tokens",
            Map.of(
                "name",
                "agent",
                "amount1",
                "5",
                "unit1",
                "usd",
                "window1",
                "day",
                "requests_per_minute",
                "30",
                "models",
                "gpt-4o*",
                "objects",
                "user"));

    assertThat(ServedConsole.sound(made.isStatus(200)).body())
        .contains("limited:", "30 requests a minute", "only the model gpt-4o*", "$5 a day")
        .contains("reaches everything that is stored");
    assertThat(ben.api().get("/v1/users/ben/tokens").isStatus(200).body())
        .contains("\"window\":\"day\"", "\"objects\":\"user\"");
  }

  @Test
  void faults_of_limits_of_a_token_are_shown_beside_their_fields() {
    Person bob = SERVED.person("bob");

    TestResponse refused =
        bob.send(
            PATH,
            PATH + "/tokens",
            Map.of(
                "name",
                "agent",
                "project",
                "bob/unknown",
                "requests_per_minute",
                "0",
                "limit_storage",
                "x"));

    assertThat(ServedConsole.sound(refused.isStatus(422)).body())
        .contains("<details open>", "1 to 1,000,000");
    TestResponse unknown =
        bob.send(PATH, PATH + "/tokens", Map.of("name", "agent", "project", "bob/unknown"));
    assertThat(unknown.isStatus(422).body()).contains("value=\"bob/unknown\"");
  }

  @Test
  void a_token_of_a_session_keeps_the_limits_that_the_form_does_not_state() {
    Person eve = SERVED.person("eve");
    String narrow =
        eve.api()
            .post(
                "/v1/users/eve/tokens",
                Map.of(
                    "name",
                    "day",
                    "scope",
                    "manage",
                    "limits",
                    Map.of("requests_per_minute", 60, "max_output_tokens", 500)))
            .isStatus(201)
            .text("/token");
    Person with = SERVED.signedIn("eve", narrow);

    TestResponse made =
        with.send(PATH, PATH + "/tokens", Map.of("name", "slow", "requests_per_minute", "6"));
    TestResponse wider =
        with.send(PATH, PATH + "/tokens", Map.of("name", "fast", "requests_per_minute", "600"));

    assertThat(made.isStatus(200).body())
        .contains("6 requests a minute, 500 tokens of output a call");
    assertThat(wider.isStatus(422).body()).contains("<details open>", "field-error");
  }

  @Test
  void a_narrower_token_keeps_within_the_token_of_the_session_and_ends_with_it() {
    Person nick = withService("nick", Map.of("provider", "openai", "model", "m"));
    String laptop =
        nick.api()
            .post(
                "/v1/users/nick/tokens",
                Map.of(
                    "name",
                    "laptop",
                    "scope",
                    "manage",
                    "expires_at",
                    "2999-01-01T00:00:00Z",
                    "limits",
                    Map.of("requests_per_minute", 60, "max_output_tokens", 500)))
            .isStatus(201)
            .text("/token");
    Person with = SERVED.signedIn("nick", laptop);
    assertThat(ServedConsole.sound(with.open(PATH)).body())
        .contains("Narrower than <bdi>laptop</bdi>", "name=\"narrower\"");
    Map<String, String> review =
        Map.of(
            "name",
            "review",
            "scope",
            "use",
            "narrower",
            "yes",
            "service",
            "nick/chat",
            "requests_per_minute",
            "6");

    TestResponse made = with.send(PATH, PATH + "/tokens", review).isStatus(200);

    assertThat(ServedConsole.sound(made).body())
        .contains("narrower: ends with the token that made it");
    Matcher shown = TOKEN.matcher(made.body());
    assertThat(shown.find()).isTrue();
    TestResponse me = SERVED.served().holding(shown.group(1)).get("/v1/me").isStatus(200);
    assertThat(me.text("/token/service")).isEqualTo("nick/chat");
    assertThat(me.text("/token/scope")).isEqualTo("use");
    assertThat(me.text("/token/expires_at")).isEqualTo("2999-01-01T00:00:00Z");
    assertThat(made.body()).contains("6 requests a minute, 500 tokens of output a call");
    assertThat(nick.api().get("/v1/users/nick/tokens").body())
        .contains(
            "\"parent\":\"" + SERVED.served().holding(laptop).get("/v1/me").text("/token/id"));

    SERVED.served().holding(laptop).delete("/v1/me/token").isStatus(204);
    assertThat(SERVED.served().holding(shown.group(1)).get("/v1/me").status()).isEqualTo(401);
  }

  @Test
  void a_token_that_would_exceed_the_token_of_the_session_is_refused_beside_its_field() {
    Person nils = SERVED.person("nils");
    String laptop =
        nils.api()
            .post(
                "/v1/users/nils/tokens",
                Map.of(
                    "name",
                    "laptop",
                    "scope",
                    "manage",
                    "expires_at",
                    "2998-01-01T00:00:00Z",
                    "limits",
                    Map.of("requests_per_minute", 60)))
            .isStatus(201)
            .text("/token");
    Person with = SERVED.signedIn("nils", laptop);
    Map<String, String> faults =
        Map.of(
            "scope", "manage",
            "until", "2999-01-01",
            "requests_per_minute", "600",
            "service", "nils/none");

    faults.forEach(
        (field, value) -> {
          Map<String, String> typed =
              new HashMap<>(Map.of("name", "wide", "scope", "use", "narrower", "yes"));
          typed.put(field, value);
          TestResponse refused = with.send(PATH, PATH + "/tokens", typed);
          assertThat(ServedConsole.sound(refused.isStatus(422)).body())
              .as(field)
              .contains("field-error", "name=\"narrower\" value=\"yes\" checked");
        });
    TestResponse wrong =
        with.send(
            PATH, PATH + "/tokens", Map.of("name", "wide", "scope", "manage", "narrower", "yes"));
    assertThat(wrong.isStatus(422).body())
        .contains("<select name=\"scope\" aria-invalid=\"true\" autofocus");
    assertThat(with.open(PATH).body()).doesNotContain("wide");
  }

  @Test
  void who_is_responsible_sees_their_service_accounts_with_the_age_of_tokens() {
    Person tara = SERVED.person("tara");
    Person root = SERVED.root();
    String list = PATH + "/service-accounts";
    assertThat(ServedConsole.sound(tara.open(list)).body())
        .contains("You are responsible for none");
    assertThat(tara.open(PATH).body()).doesNotContain("My service accounts");
    root.api()
        .post(
            "/v1/users",
            Map.of(
                "handle",
                "tara-bot",
                "kind",
                "service",
                "responsible",
                "tara",
                "display_name",
                ServedConsole.HOSTILE))
        .isStatus(201);

    assertThat(ServedConsole.sound(tara.open(PATH)).body())
        .contains("My service accounts", "tara-bot", "since <time", "never");
    assertThat(ServedConsole.sound(tara.open(list)).body())
        .contains("/console/people/tara-bot/access", "1<span");
    assertThat(SERVED.person("tina").open(list).body()).doesNotContain("tara-bot");
  }

  @Test
  void faults_of_a_token_stand_beside_their_fields() {
    Person ted = SERVED.person("ted");
    TestResponse refused =
        ted.send(
            PATH,
            PATH + "/tokens",
            Map.of("name", "", "service", "nobody/nothing", "until", "soon"));
    assertThat(refused.isStatus(422).body())
        .contains(
            "Name the program that will use the token.",
            "a day, such as 2026-01-31",
            "nobody/nothing");
    TestResponse unknown =
        ted.send(
            PATH, PATH + "/tokens", Map.of("name", "x", "scope", "use", "service", "no/thing"));
    assertThat(unknown.isStatus(422).body()).contains("There is no such service");
  }

  @Test
  void revoking_the_token_of_this_session_ends_it() {
    Person tim = SERVED.person("tim");
    String id = idOf(tim, "manage");
    assertThat(tim.send(PATH, PATH + "/tokens/" + id + "/revoke", Map.of()).header("Location"))
        .isEqualTo("/console/sign-in");
    assertThat(tim.open(PATH).status()).isEqualTo(303);
  }

  @Test
  void the_default_service_is_chosen_and_forgotten() {
    Person dan = withService("dan", Map.of("provider", "openai", "model", "m"));
    assertThat(dan.open(PATH).body()).contains("You have chosen none.");
    dan.send(PATH, PATH + "/default", Map.of("default_service", "dan/chat")).isStatus(303);
    assertThat(dan.open(PATH).body()).contains("/console/services/dan/chat");
    dan.send(PATH, PATH + "/default/forget", Map.of()).isStatus(303);
    assertThat(dan.open(PATH).body()).contains("You have chosen none.");
    TestResponse refused = dan.send(PATH, PATH + "/default", Map.of("default_service", "<b>x</b>"));
    assertThat(refused.isStatus(422).body())
        .contains("owner/handle", "value=\"&lt;b>x&lt;/b>\"")
        .doesNotContain("<b>x");
  }

  @Test
  void an_own_key_is_stored_on_the_page_of_its_service() {
    Person kai =
        withService(
            "kai",
            Map.of(
                "provider",
                "openai",
                "model",
                "m",
                "key_policy",
                Map.of("user_keys", true, "central_key", false)));
    assertThat(kai.open(PATH).body()).contains("/console/services/kai/chat/key#own-key");
    String page = "/console/services/kai/chat";
    assertThat(kai.open(page + "/key").body()).contains("You have stored none.");
    kai.send(page + "/key", page + "/own-key", Map.of("own_key", KEY)).isStatus(303);
    assertThat(kai.open(page + "/key").body())
        .contains("Yours has been stored since")
        .doesNotContain(KEY);
    TestResponse refused = kai.send(page + "/key", page + "/own-key", Map.of("own_key", "short"));
    assertThat(refused.isStatus(422).body()).contains("8 to 10,240");
    kai.send(page + "/key", page + "/own-key/remove", Map.of()).isStatus(303);
    assertThat(kai.open(page + "/key").body()).contains("You have stored none.");
  }

  @Test
  void sessions_are_listed_and_others_ended_and_one_signs_out() {
    Person sam = SERVED.person("sam");
    TestResponse page = sam.open(PATH);
    assertThat(ServedConsole.sound(page).body())
        .contains("Where you are signed in", "This browser", "with an access token");
    Map<String, String> proof = FormBrowser.fields(page, PATH + "/sign-out");
    assertThat(proof).containsKey("page_token");
    sam.send(PATH, PATH + "/sign-out", Map.of()).isStatus(303);
    assertThat(sam.open(PATH).header("Location")).startsWith("/console/sign-in");
  }

  private static String idOf(Person person, String scope) {
    TestResponse tokens =
        person.api().get("/v1/users/" + person.handle() + "/tokens").isStatus(200);
    for (var token : tokens.at("/items")) {
      if (token.path("scope").asString("").equals(scope)) {
        return token.path("id").asString("");
      }
    }
    throw new AssertionError("no token of scope " + scope);
  }

  private static Person withService(String handle, Map<String, Object> settings) {
    Person owner = SERVED.person(handle);
    owner.api().put("/v1/llm-services/" + handle + "/chat", settings).isStatus(201);
    return owner;
  }
}
