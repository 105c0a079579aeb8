package io.claviger.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.host.StartRefused;
import io.claviger.journeys.Journey;
import io.claviger.testkit.Race;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Sign-in without an identity provider, on a node with PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalSignInTest {
  private static final String ACCOUNT = "/console/account";
  @AutoClose private final Journey journey = new Journey();
  private final Node node = journey.startNode();

  @Test
  void a_link_from_the_command_line_signs_its_user_in_once() {
    journey.user(node, "linked");
    String link = link("linked");
    FormBrowser browser = browser();
    TestResponse shown = browser.open(link).isStatus(200);
    assertThat(shown.body()).contains("Sign in as linked");
    TestResponse start = browser.follow(browser.submit(shown, link, Map.of())).isStatus(200);
    assertThat(start.body()).contains("<bdi>linked</bdi>");
    assertThat(browser.open(ACCOUNT).body())
        .contains("<dd><bdi>linked</bdi></dd>", "with a one-time link");
    browser().open(link).isStatus(404);
    assertThat(
            journey.column(
                "select action from audit_events where target_ref = 'linked' and action ~ 'link'"))
        .containsExactly("sign_in_link.create");
  }

  @Test
  void of_16_browsers_that_use_a_link_at_once_one_is_signed_in() {
    journey.user(node, "raced");
    String link = link("raced");
    List<FormBrowser> browsers = Stream.generate(this::browser).limit(16).toList();
    List<TestResponse> shown = browsers.stream().map(each -> each.open(link)).toList();
    List<Integer> answers =
        Race.of(16, n -> browsers.get(n).submit(shown.get(n), link, Map.of()).status(), 1);
    assertThat(answers).containsOnlyOnce(303).contains(404);
    assertThat(
            journey.column(
                "select s.id from sessions s join users u on u.id = s.user_id"
                    + " where u.handle = 'raced'"))
        .hasSize(1);
  }

  @Test
  void nobody_makes_a_link_for_nobody() {
    Assertions.assertThatThrownBy(() -> link("unheard-of"))
        .isInstanceOfSatisfying(
            StartRefused.class,
            refused ->
                assertThat(refused.lines())
                    .singleElement()
                    .asString()
                    .contains("there is no user unheard-of", "Add somebody"));
  }

  @Test
  void a_session_ends_with_the_token_that_was_pasted() {
    journey.user(node, "pasting");
    FormBrowser browser = browser();
    TestClient root = TestClient.of(node.api()).withToken(Journey.ROOT_TOKEN);
    TestResponse made =
        root.json(
                "POST",
                "/v1/users/pasting/tokens",
                Map.of("name", "pasted", "scope", "manage", "recovery", true))
            .isStatus(201);
    String token = made.text("/token");
    TestResponse page = browser.open("/console/sign-in");
    TestResponse answer =
        browser.submit(page, "/console/sign-in/token", Map.of("token", token)).isStatus(303);
    assertThat(browser.follow(answer).body()).contains("<bdi>pasting</bdi>");
    TestClient.of(node.api())
        .withToken(token)
        .delete("/v1/users/pasting/tokens/" + made.text("/id"))
        .isStatus(204);
    assertThat(browser.open(ACCOUNT).status()).isEqualTo(303);
  }

  @Test
  void a_node_starts_while_somebody_is_signed_in_with_the_token_of_its_settings() {
    FormBrowser browser = browser();
    TestResponse page = browser.open("/console/sign-in");
    browser
        .submit(page, "/console/sign-in/token", Map.of("token", Journey.ROOT_TOKEN))
        .isStatus(303);
    journey.stop(journey.startNode());
    browser.open(ACCOUNT).isStatus(200);
  }

  @Test
  void the_rest_api_takes_no_cookie_of_a_session() {
    journey.user(node, "cookies");
    String link = link("cookies");
    FormBrowser browser = browser();
    browser.submit(browser.open(link), link, Map.of()).isStatus(303);
    browser.open(ACCOUNT).isStatus(200);
    browser.open("/v1/me").isStatus(401);
  }

  private FormBrowser browser() {
    return FormBrowser.of(node.api());
  }

  /** The path of a new link. */
  private String link(String user) {
    String link = journey.signInLink(node, user);
    assertThat(link).startsWith(node.api() + "/console/sign-in/link/");
    return URI.create(link).getPath();
  }
}
