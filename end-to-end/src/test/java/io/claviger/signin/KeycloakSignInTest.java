package io.claviger.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.Race;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sign-in with a real Keycloak, over HTTP without a browser. */
@SuppressWarnings("NullAway.Init") // set before the tests
@Order(2)
@Tag("thorough")
class KeycloakSignInTest {
  @AutoClose private static SignedInNode node;

  @BeforeAll
  static void start() {
    node = SignedInNode.start();
  }

  @Test
  void the_first_sign_in_makes_the_user_and_the_next_finds_them() {
    node.realm.person("first", "staff");
    TestResponse account = node.account(node.browser(), "first");
    assertThat(account.body()).contains("<dd><bdi>first</bdi></dd>", node.keycloak.issuer());
    String id = node.root().get("/v1/users/first").isStatus(200).text("/id");
    assertThat(node.account(node.browser(), "first").body()).contains("<dd><bdi>first</bdi></dd>");
    assertThat(node.root().get("/v1/users/first").text("/id")).isEqualTo(id);
  }

  @Test
  void groups_of_keycloak_appear_and_follow_at_the_next_sign_in() {
    node.realm.person("grouped", "staff", "research-lab");
    assertThat(node.account(node.browser(), "grouped").body()).contains("grouped");
    assertThat(node.members("staff")).contains("grouped");
    assertThat(node.members("research-lab")).contains("grouped");
    node.realm.leave("grouped", "research-lab");
    assertThat(node.account(node.browser(), "grouped").body()).contains("grouped");
    assertThat(node.members("research-lab")).doesNotContain("grouped");
  }

  @Test
  void members_of_the_administrators_group_are_administrators_while_they_are_in_it() {
    node.realm.person("chief", "admins");
    assertThat(node.account(node.browser(), "chief").body()).contains("<dd><bdi>yes</bdi></dd>");
    node.realm.leave("chief", "admins");
    assertThat(node.account(node.browser(), "chief").body())
        .doesNotContain("<dd><bdi>yes</bdi></dd>");
  }

  @Test
  void a_handle_that_is_taken_is_not_taken_over_and_the_page_says_so() {
    node.root()
        .json("POST", "/v1/users", Map.of("handle", "taken", "email", "taken@example.org"))
        .isStatus(201);
    node.realm.person("taken");
    FormBrowser browser = node.browser();
    TestResponse refused = node.signIn(browser, "taken").isStatus(409);
    assertThat(refused.body()).contains("Nobody was signed in", "taken");
    assertThat(browser.open(SignedInNode.ACCOUNT).status()).isEqualTo(303);
  }

  @Test
  void an_answer_of_keycloak_works_once() {
    node.realm.person("once");
    FormBrowser browser = node.browser();
    URI back = new KeycloakLogin().signIn(node.begin(browser), "once");
    Map<String, String> before = Map.copyOf(browser.cookies());
    node.finish(browser, back).isStatus(303);
    FormBrowser again = node.browser();
    again.cookies().putAll(before);
    node.finish(again, back).isStatus(400);
    assertThat(again.cookies()).doesNotContainKey("claviger-session");
  }

  @Test
  void of_16_who_present_one_answer_at_once_one_is_signed_in() {
    node.realm.person("sixteen");
    FormBrowser browser = node.browser();
    URI back = new KeycloakLogin().signIn(node.begin(browser), "sixteen");
    List<FormBrowser> all = Stream.generate(node::browser).limit(16).toList();
    all.forEach(each -> each.cookies().putAll(browser.cookies()));
    List<Integer> answers = Race.of(16, n -> node.finish(all.get(n), back).status(), 1);
    assertThat(answers).containsOnlyOnce(303).contains(400);
  }

  @Test
  void another_browsers_answer_signs_nobody_in() {
    node.realm.person("attacker");
    URI back = new KeycloakLogin().signIn(node.begin(node.browser()), "attacker");
    FormBrowser victim = node.browser();
    node.finish(victim, back).isStatus(400);
    URI unused = node.begin(victim);
    node.finish(victim, back).isStatus(400);
    assertThat(unused).isNotEqualTo(back);
    assertThat(victim.cookies()).doesNotContainKey("claviger-session");
  }

  @Test
  void an_answer_that_names_another_issuer_signs_nobody_in() {
    node.realm.person("mixed");
    FormBrowser browser = node.browser();
    URI back = new KeycloakLogin().signIn(node.begin(browser), "mixed");
    assertThat(back.getRawQuery()).contains("iss=");
    URI mixed =
        URI.create(back.toString().replaceAll("iss=[^&]*", "iss=https%3A%2F%2Fevil.example"));
    node.finish(browser, mixed).isStatus(400);
  }

  @Test
  void keycloaks_new_keys_are_learned() {
    node.realm.person("rolled");
    node.realm.rollKeysOver();
    assertThat(node.account(node.browser(), "rolled").body())
        .contains("<dd><bdi>rolled</bdi></dd>");
  }

  @Test
  void signing_out_at_keycloak_ends_the_session_at_once() {
    node.realm.person("leaving");
    node.realm.backChannel(node.url() + "/console/sign-in/logout");
    FormBrowser browser = node.browser();
    assertThat(node.account(browser, "leaving").body()).contains("leaving");
    node.realm.logOut("leaving");
    TestResponse after = browser.open(SignedInNode.ACCOUNT);
    assertThat(after.isStatus(303).header("Location")).startsWith(SignedInNode.SIGN_IN);
  }
}
