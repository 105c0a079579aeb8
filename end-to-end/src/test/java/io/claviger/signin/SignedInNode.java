package io.claviger.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.application.identity.SignInFeature;
import io.claviger.bootstrap.node.Node;
import io.claviger.journeys.Api;
import io.claviger.journeys.Journey;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.LocalHttp;
import io.claviger.testkit.http.TestClient;
import io.claviger.testkit.http.TestResponse;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node where people sign in with Keycloak. */
final class SignedInNode implements AutoCloseable {
  static final String SIGN_IN = "/console/sign-in";
  static final String PROVIDER = SIGN_IN + "/provider";
  static final String ACCOUNT = "/console/account";

  final Keycloak keycloak;
  final KeycloakRealm realm;
  final Journey journey = new Journey();
  private final int port = LocalHttp.freePort();
  private final Node node;

  private static final Pattern SHOWN_TOKEN = Pattern.compile("id=\"new-token\">([^<]+)</code>");

  private SignedInNode(Keycloak keycloak, Map<String, String> more) {
    this.keycloak = keycloak;
    this.realm = keycloak.realm();
    Map<String, String> environment = new HashMap<>(journey.environment());
    environment.putAll(keycloak.settings(port));
    String unused = journey.secret(environment.getOrDefault("CLAVIGER_OIDC_CLIENT_SECRET", ""));
    environment.putAll(more);
    this.node = journey.startNode(environment);
  }

  /** Starts a node, or skips the tests where there is no Keycloak. */
  static SignedInNode start() {
    return start(Map.of());
  }

  static SignedInNode start(Map<String, String> more) {
    Optional<Keycloak> keycloak = Keycloak.shared();
    assumeTrue(keycloak.isPresent(), "no Keycloak");
    return new SignedInNode(keycloak.orElseThrow(), more);
  }

  String url() {
    return "http://localhost:" + port;
  }

  FormBrowser browser() {
    return FormBrowser.of(URI.create(url()));
  }

  /** The API with an access token. */
  TestClient api(String token) {
    return TestClient.of(node.api()).withToken(token);
  }

  TestClient root() {
    return api(Journey.ROOT_TOKEN);
  }

  /** Creates a user of Claviger without an identity at Keycloak. */
  Api local(String handle) {
    return journey.user(node, handle);
  }

  /**
   * Creates an access token with the scope {@code manage} for a signed-in user, on the page of the
   * user's account.
   */
  Api tokenOf(FormBrowser browser) {
    Map<String, String> fields = Map.of("name", "own", "scope", "manage");
    TestResponse page = browser.submit(browser.open(ACCOUNT), ACCOUNT + "/tokens", fields);
    Matcher shown = SHOWN_TOKEN.matcher(page.isStatus(200).body());
    assertThat(shown.find()).isTrue();
    return journey.root(node).holding(journey.token(shown.group(1)));
  }

  /** The handles of a group's members, as an administrator sees them. */
  List<String> members(String group) {
    return root().get("/v1/groups/" + group + "/members").items("user");
  }

  /** Asks Keycloak about somebody now, as the node does every 15 minutes. */
  void followKeycloak(String handle) {
    journey.tamper(
        """
        update identities
        set refresh_due_at = now()
        where user_id = (select id from users where handle = '%s')
        """
            .formatted(handle));
    // The node's own task may have been faster. What follows from the answer is awaited.
    int unused = node.context().get(SignInFeature.class).refresh().refreshDue(Runnable::run);
  }

  /** Presses the button on the sign-in page. Returns where the browser is sent. */
  URI begin(FormBrowser browser) {
    TestResponse page = searched(browser.open(SIGN_IN).isStatus(200));
    return location(searched(browser.submit(page, PROVIDER, Map.of())));
  }

  /** The client's secret is in none of the answers that lead to the provider and back. */
  private TestResponse searched(TestResponse answer) {
    journey.assertNoKeyIn("an answer", answer.headers().map() + answer.body());
    return answer;
  }

  static URI location(TestResponse leaving) {
    leaving.isStatus(200);
    assertThat(leaving.header("Refresh")).startsWith("0;url=");
    return URI.create(leaving.header("Refresh").substring("0;url=".length()));
  }

  /** Opens the URL to which Keycloak sends the browser back. */
  TestResponse finish(FormBrowser browser, URI back) {
    assertThat(back.toString()).startsWith(url() + SIGN_IN + "/callback?");
    return searched(browser.open(back.getRawPath() + "?" + back.getRawQuery()));
  }

  /** Signs in with Keycloak. Returns the last answer. */
  TestResponse signIn(FormBrowser browser, String name) {
    return finish(browser, new KeycloakLogin().signIn(begin(browser), name));
  }

  /** Signs in somebody who can, and opens their account. */
  TestResponse account(FormBrowser browser, String name) {
    TestResponse signedIn = signIn(browser, name);
    if (signedIn.status() == 303) {
      TestResponse unused = open(browser, signedIn.header("Location"));
    }
    return searched(browser.open(ACCOUNT).isStatus(200));
  }

  private TestResponse open(FormBrowser browser, String path) {
    TestResponse answer = browser.open(path);
    return answer.status() == 303 ? open(browser, answer.header("Location")) : answer.isStatus(200);
  }

  @Override
  public void close() {
    journey.close();
  }
}
