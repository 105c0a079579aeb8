package io.claviger.console.trusts;

import static io.claviger.console.served.ServedConsole.HOSTILE;
import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.TestResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Trusted issuers, and whose tokens are exchanged for tokens of a service account. */
class TrustPagesTest {
  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();
  private static final String ISSUERS = "/console/trusted-issuers";
  private static final Person ROOT = CONSOLE.root();

  private static void issuer(String name, String address) {
    ROOT.api().put("/v1/trusted-issuers/" + name, Map.of("issuer", address)).isStatus(201);
  }

  private static String account(String handle, String responsible) {
    ROOT.api()
        .post("/v1/users", Map.of("handle", handle, "kind", "service", "responsible", responsible))
        .isStatus(201);
    return "/console/people/" + handle + "/trusts";
  }

  @Test
  void administrators_add_and_delete_trusted_issuers() {
    assertThat(sound(ROOT.open(ISSUERS)).body()).contains("Trust another one");

    ROOT.send(ISSUERS, Map.of("name", "github", "issuer", "https://token.example.com"))
        .isStatus(303);

    TestResponse listed = sound(ROOT.open(ISSUERS));
    assertThat(listed.body()).contains("github", "https://token.example.com");
    TestResponse again =
        ROOT.send(ISSUERS, Map.of("name", "github", "issuer", "https://other.example.com"));
    assertThat(again.isStatus(412).body())
        .contains("There is a trusted issuer of this name.", "https://other.example.com");
    ROOT.send(ISSUERS, ISSUERS + "/github/delete", Map.of()).isStatus(303);
    assertThat(ROOT.open(ISSUERS).body()).doesNotContain("github</bdi>");
  }

  @Test
  void an_address_that_is_none_is_told_beside_the_field() {
    TestResponse refused = ROOT.send(ISSUERS, Map.of("name", "x", "issuer", HOSTILE));
    assertThat(sound(refused.isStatus(422)).body()).contains("field-error", "value=\"&lt;script");
  }

  @Test
  void others_see_trusted_issuers_and_change_none() {
    Person sam = CONSOLE.person("sam");
    assertThat(sound(sam.open(ISSUERS).isStatus(200)).body()).doesNotContain("Trust another one");
    issuer("kept", "https://kept.example.com");
    String form = ISSUERS + "/kept/delete";
    assertThat(sam.open(ISSUERS).body()).doesNotContain(form);
  }

  /** A trust compares subjects and claims exactly, so a space decides whose tokens are accepted. */
  @Test
  void a_subject_and_claims_that_were_not_changed_keep_their_spaces() {
    issuer("spaced", "https://spaced.example.com");
    String page = account("spaced-bot", "root");
    String api = "/v1/users/spaced-bot/trusts/one";
    Map<String, Object> trust =
        Map.of("issuer", "spaced", "subject", "job:a ", "claims", Map.of("ref", " main "));
    ROOT.api().put(api, trust).isStatus(201);

    ROOT.send(page + "/one", Map.of("issuer", "spaced", "max_lifetime", "600")).isStatus(303);

    TestResponse stored = ROOT.api().get(api).isStatus(200);
    assertThat(stored.at("/max_lifetime").asInt()).isEqualTo(600);
    assertThat(stored.text("/subject")).isEqualTo("job:a ");
    assertThat(stored.text("/claims/ref")).isEqualTo(" main ");
  }

  @Test
  void who_is_responsible_says_whose_tokens_are_accepted() {
    issuer("ci", "https://ci.example.com");
    Person rita = CONSOLE.person("rita");
    String page = account("builder", "rita");
    assertThat(sound(rita.open(page)).body()).contains("No tokens are accepted yet.");

    rita.send(
            page,
            Map.of(
                "name",
                "main",
                "issuer",
                "ci",
                "subject",
                "repo:acme/" + "<b>app</b>" + ":ref:*",
                "claims",
                "repository_id = 5088\r\n\r\nevent=push",
                "max_lifetime",
                "901"))
        .isStatus(303);

    assertThat(sound(rita.open(page)).body())
        .contains("repository_id = 5088", "event = push", "&lt;b&gt;app", ">901<");
    TestResponse stored = rita.api().get("/v1/users/builder/trusts/main").isStatus(200);
    assertThat(stored.at("/max_lifetime").intValue()).isEqualTo(901);
    TestResponse used = ROOT.send(ISSUERS, ISSUERS + "/ci/delete", Map.of());
    assertThat(used.isStatus(409).body()).contains("problem");
    rita.send(page, page + "/main/delete", Map.of()).isStatus(303);
    rita.api().get("/v1/users/builder/trusts/main").isStatus(404);
  }

  @Test
  void the_address_of_a_trusted_issuer_is_changed_in_place() {
    issuer("moving", "https://old.example.com");
    String page = ISSUERS + "/moving";
    assertThat(ROOT.open(ISSUERS).body()).contains("href=\"" + page + "\"");
    assertThat(sound(ROOT.open(page).isStatus(200)).body()).contains("https://old.example.com");

    TestResponse refused = ROOT.send(page, Map.of("issuer", HOSTILE));
    assertThat(sound(refused.isStatus(422)).body()).contains("field-error", "value=\"&lt;script");
    ROOT.send(page, Map.of("issuer", "https://new.example.com")).isStatus(303);

    TestResponse stored = ROOT.api().get("/v1/trusted-issuers/moving").isStatus(200);
    assertThat(stored.text("/issuer")).isEqualTo("https://new.example.com");
  }

  @Test
  void two_who_change_a_trusted_issuer_at_once_see_both_versions() {
    issuer("shared", "https://first.example.com");
    String page = ISSUERS + "/shared";
    TestResponse open = ROOT.open(page);
    ROOT.send(page, Map.of("issuer", "https://second.example.com")).isStatus(303);

    TestResponse late =
        ROOT.browser().submit(open, page, Map.of("issuer", "https://third.example.com"));

    assertThat(sound(late.isStatus(412)).body())
        .contains("Somebody else changed", "https://second.example.com", "https://third");
    ROOT.browser().submit(late, page, Map.of()).isStatus(303);
    assertThat(ROOT.api().get("/v1/trusted-issuers/shared").text("/issuer"))
        .isEqualTo("https://third.example.com");
  }

  @Test
  void who_may_not_change_a_trusted_issuer_gets_no_form_for_it() {
    issuer("theirs", "https://theirs.example.com");
    Person tess = CONSOLE.person("tess");
    assertThat(tess.open(ISSUERS + "/theirs").status()).isEqualTo(303);
    assertThat(ROOT.open(ISSUERS + "/nobodys").status()).isEqualTo(404);
  }

  @Test
  void a_trust_is_changed_in_place() {
    issuer("cd", "https://cd.example.com");
    Person rhea = CONSOLE.person("rhea");
    String page = account("deployer", "rhea");
    Map<String, String> content =
        Map.of("name", "main", "issuer", "cd", "subject", "repo:a", "claims", "event=push");
    rhea.send(page, content).isStatus(303);
    TestResponse open = rhea.open(page + "/main");
    assertThat(sound(open).body()).contains("value=\"repo:a\"", "event = push", "value=\"3600\"");

    Map<String, String> shorter =
        Map.of(
            "issuer", "cd", "subject", "repo:b", "claims", "event = push", "max_lifetime", "300");
    rhea.send(page + "/main", shorter).isStatus(303);
    TestResponse late =
        rhea.browser().submit(open, page + "/main", Map.of("issuer", "cd", "subject", "repo:c"));

    assertThat(sound(late.isStatus(412)).body())
        .contains("Stored now", "<bdi>repo:b</bdi>", "<bdi>repo:c</bdi>");
    TestResponse stored = rhea.api().get("/v1/users/deployer/trusts/main").isStatus(200);
    assertThat(stored.text("/subject")).isEqualTo("repo:b");
    assertThat(stored.at("/max_lifetime").intValue()).isEqualTo(300);
    assertThat(stored.text("/claims/event")).isEqualTo("push");
  }

  @Test
  void what_was_typed_stays_when_a_trust_is_refused() {
    issuer("runner", "https://runner.example.com");
    String page = account("tester", "root");

    TestResponse refused =
        ROOT.send(
            page,
            Map.of(
                "name",
                "t",
                "issuer",
                "runner",
                "subject",
                "a*b",
                "claims",
                "x",
                "max_lifetime",
                "99,000"));

    assertThat(sound(refused.isStatus(422)).body())
        .contains("value=\"a*b\"", "* only at the end", "one per line", "60 to 3600 seconds");
  }

  @Test
  void an_account_of_somebody_else_is_not_found() {
    String page = account("hidden", "root");
    assertThat(CONSOLE.person("tom").open(page).status()).isEqualTo(404);
  }
}
