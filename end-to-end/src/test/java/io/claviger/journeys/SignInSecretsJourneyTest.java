package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.cli.SignInLinkCommand;
import io.claviger.bootstrap.node.Node;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.accounts.Handle;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** No log, metric, audit event or row contains a secret of a sign-in. */
class SignInSecretsJourneyTest {
  private static final String CLAVIGER = "https://claviger.example.org";
  private static final String DEVICE = "/console/device";
  private static final String DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

  @Test
  void links_cookies_device_codes_and_refresh_tokens_are_kept_as_hashes_alone() {
    try (Journey journey = new Journey()) {
      Node node = journey.startNode();
      Api alice = journey.user(node, "alice");
      FormBrowser browser = signedIn(journey, node);
      TestResponse first = device(journey, node, browser);
      String service = journey.service(alice, "alice/voice");
      Map<String, ?> session =
          Map.of("session", Map.of("type", "realtime", "model", "gpt-realtime"));
      journey.token(
          alice
              .holding(first.text("/access_token"))
              .call(service, "realtime/client_secrets", session)
              .isStatus(200)
              .text("/value"));
      TestResponse second =
          oauth(node, "token", "refresh_token", first.text("/refresh_token")).isStatus(200);
      for (TestResponse tokens : new TestResponse[] {first, second}) {
        journey.token(tokens.text("/access_token"));
        journey.token(tokens.text("/refresh_token"));
      }
      Api program = alice.holding(second.text("/access_token"));
      program.get("/v1/me").isStatus(200);
      journey.token(
          program.post("/v1/me/tokens/narrow", Map.of("name", "n")).isStatus(201).text("/token"));
      oauth(node, "token", "refresh_token", first.text("/refresh_token")).isStatus(400);
      program.get("/v1/me").isStatus(401);

      assertThat(browser.cookies()).isNotEmpty();
      journey.assertNothingLeaked();
    }
  }

  @Test
  void a_jwt_leaves_nothing_behind_but_its_subject() {
    try (Journey journey = new Journey();
        JwtIssuer platform = new JwtIssuer();
        JwtIssuer stranger = new JwtIssuer()) {
      Map<String, String> environment = journey.environment();
      environment.put("CLAVIGER_PUBLIC_URL", CLAVIGER);
      environment.put("CLAVIGER_ALLOWED_PRIVATE_HOSTS", "127.0.0.1:" + platform.port());
      Node node = journey.startNode(environment);
      trust(journey, node, platform);

      String accepted = jwt(journey, platform, "build:main");
      TestResponse issued = exchange(node, accepted).isStatus(200);
      journey.token(issued.text("/access_token"));
      exchange(node, jwt(journey, platform, "build:other")).isStatus(400);
      exchange(node, jwt(journey, stranger, "build:main")).isStatus(400);
      exchange(node, accepted.substring(0, accepted.length() - 6) + "AAAAAA").isStatus(400);

      journey.assertNothingLeaked();
      assertThat(
              journey.column(
                  "select distinct presented_subject from audit_events"
                      + " where presented_subject is not null order by 1"))
          .containsExactly("build:main", "build:other");
    }
  }

  private static void trust(Journey journey, Node node, JwtIssuer platform) {
    Api root = journey.root(node);
    root.post("/v1/users", Map.of("handle", "ci-bot", "kind", "service", "responsible", "root"))
        .isStatus(201);
    root.put("/v1/trusted-issuers/ci", Map.of("issuer", platform.address())).isStatus(201);
    root.put("/v1/users/ci-bot/trusts/main", Map.of("issuer", "ci", "subject", "build:main"))
        .isStatus(201);
  }

  private static String jwt(Journey journey, JwtIssuer issuer, String subject) {
    String jwt = issuer.jwt(subject, CLAVIGER, Map.of());
    journey.token(jwt.substring(jwt.lastIndexOf('.') + 1));
    return journey.token(jwt);
  }

  private static TestResponse exchange(Node node, String jwt) {
    return form(
        node,
        "token",
        Map.of(
            "grant_type",
            "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token_type",
            "urn:ietf:params:oauth:token-type:jwt",
            "resource",
            "urn:claviger:user:ci-bot",
            "subject_token",
            jwt));
  }

  /** A browser that used a one-time link. */
  private static FormBrowser signedIn(Journey journey, Node node) {
    Map<String, String> environment = new HashMap<>(journey.environment());
    environment.put("CLAVIGER_PUBLIC_URL", node.api().toString());
    String link =
        SignInLinkCommand.make(Settings.from(environment), new Handle("alice"))
            .lend(text -> URI.create(new String(text)).getPath());
    journey.token(link.substring(link.lastIndexOf('/') + 1));
    FormBrowser browser = FormBrowser.of(node.api());
    browser.submit(browser.open(link), link, Map.of()).isStatus(303);
    browser.cookies().values().forEach(journey::token);
    return browser;
  }

  /** Signs a device in. Returns what it gets. */
  private static TestResponse device(Journey journey, Node node, FormBrowser browser) {
    TestResponse asked =
        form(node, "device_authorization", Map.of("client_id", "claviger")).isStatus(200);
    journey.token(asked.text("/device_code"));
    TestResponse offered =
        browser.submit(browser.open(DEVICE), DEVICE, Map.of("code", asked.text("/user_code")));
    browser.submit(offered, DEVICE + "/approve", Map.of()).isStatus(200);
    return form(
            node,
            "token",
            Map.of(
                "client_id",
                "claviger",
                "grant_type",
                DEVICE_GRANT,
                "device_code",
                asked.text("/device_code")))
        .isStatus(200);
  }

  private static TestResponse oauth(Node node, String endpoint, String grant, String secret) {
    return form(
        node, endpoint, Map.of("client_id", "claviger", "grant_type", grant, grant, secret));
  }

  private static TestResponse form(Node node, String endpoint, Map<String, String> fields) {
    return FormBrowser.of(node.api()).post("/oauth/" + endpoint, fields);
  }
}
