package io.claviger.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.bootstrap.cli.SignInLinkCommand;
import io.claviger.bootstrap.node.Node;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.accounts.Handle;
import io.claviger.journeys.Api;
import io.claviger.journeys.Journey;
import io.claviger.journeys.JwtIssuer;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs the commands of the documents about people and programs in their order. Only hosts and ports
 * are replaced.
 */
class IdentityExamplesTest {
  private static final List<String> DOCUMENTS =
      List.of("identity-provider.md", "sign-in.md", "programs.md", "requests.md", "leaving.md");

  private static final String CLAVIGER = "https://claviger.example.org";
  private static final String GITHUB = "https://token.actions.githubusercontent.com";
  private static final String DEVICE = "/console/device";

  private final Journey journey = new Journey();
  private final JwtIssuer platform = new JwtIssuer();
  private final Map<String, String> environment = environment();
  private final Node node = journey.startNode(environment);
  private final Api root = journey.root(node);
  private final DocumentedCommands commands = commands();

  @AfterEach
  void close() {
    platform.close();
    journey.close();
  }

  @Test
  void the_commands_do_what_the_document_says() throws Exception {
    assumeTrue(isInstalled("curl") && isInstalled("jq"), "curl or jq is not installed");
    Api recovered = journey.user(node, "alice");
    Api bob = journey.user(node, "bob");

    assertThat(run(root).get("subject").asString()).isEqualTo("248289761001");
    recovered.get("/v1/me").isStatus(401);
    Api alice = newToken("alice");

    FormBrowser browser = signedIn();
    JsonNode session = run(alice).at("/items/0");
    assertThat(commands.runNext(with(alice, "ID", session.get("id").asString()))).isEmpty();
    assertThat(browser.open("/console/account").status()).isEqualTo(303);

    signInDevice(alice);
    exchange(alice);

    journey.service(alice, "alice/my-openai");
    assertThat(run(alice).get("scope").asString()).isEqualTo("use");

    root.delete("/v1/users/ci-bot").isStatus(204);
    assertThat(run(root).get("responsible").asString()).isEqualTo("@research");

    borrow(alice, bob);

    alice.put("/v1/projects/alice/corpus", Map.of()).isStatus(201);
    JsonNode accepted = run(alice, "ALICE", alice.token(), "BOB", bob.token());
    assertThat(accepted.get("state").asString()).isEqualTo("accepted");
    commands.assertAllWereRun();
  }

  private void borrow(Api alice, Api bob) throws Exception {
    Map<String, Object> limits = Map.of("models", List.of("text-embedding-3-large"));
    alice
        .put(
            "/v1/llm-services/alice/my-openai/shares/bob",
            Map.of("role", "reader", "limits", limits))
        .isStatus(201);
    String asked = run(bob, "BOB", bob.token()).get("id").asString();
    assertThat(run(alice, "ALICE", alice.token()).at("/items/0/id").asString()).isEqualTo(asked);
    JsonNode granted = run(alice, "ALICE", alice.token(), "ID", asked);
    assertThat(granted.get("state").asString()).isEqualTo("granted");
    assertThat(granted.at("/share/limits/models")).hasSize(2);
  }

  private void signInDevice(Api alice) throws Exception {
    JsonNode device = run(alice);
    String code = device.get("device_code").asString();
    assertThat(commands.runFirstOfTwo(with(alice, "DEVICE_CODE", code))).contains("pending");
    FormBrowser browser = signedIn();
    TestResponse offered =
        browser.submit(
            browser.open(DEVICE), DEVICE, Map.of("code", device.get("user_code").asString()));
    browser.submit(offered, DEVICE + "/approve", Map.of()).isStatus(200);
    journey.tamper("update device_codes set polled_at = polled_at - interval '1 minute'");
    String tokens = commands.runNext(with(alice, "DEVICE_CODE", code));
    alice
        .holding(JsonMapper.shared().readTree(tokens).get("access_token").asString())
        .get("/v1/me")
        .isStatus(200);
  }

  private void exchange(Api alice) throws Exception {
    root.put("/v1/groups/research", Map.of()).isStatus(201);
    root.put("/v1/groups/research/members/alice", Map.of("role", "manager")).isStatus(201);
    root.post(
            "/v1/users", Map.of("handle", "ci-bot", "kind", "service", "responsible", "@research"))
        .isStatus(201);
    assertThat(run(root).get("issuer").asString()).isEqualTo(platform.address());
    assertThat(run(alice).get("issuer").asString()).isEqualTo("github");
    String jwt =
        platform.jwt(
            "repo:acme/app:ref:refs/heads/main", CLAVIGER, Map.of("repository_owner_id", "5088"));
    journey.token(jwt);
    platform.serve("/request", "{\"value\": \"%s\"}".formatted(jwt));
    JsonNode issued =
        run(
            root,
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
            "given-by-github",
            "ACTIONS_ID_TOKEN_REQUEST_URL",
            platform.address() + "/request?api-version=2.0");
    assertThat(root.holding(issued.get("access_token").asString()).get("/v1/me").text("/handle"))
        .isEqualTo("ci-bot");
  }

  private JsonNode run(Api as, String... more) throws IOException, InterruptedException {
    return JsonMapper.shared().readTree(commands.runNext(with(as, more)));
  }

  private static Map<String, String> with(Api as, String... more) {
    Map<String, String> variables = new HashMap<>();
    variables.put("API", as.api() + "/v1");
    variables.put("TOKEN", as.token());
    for (int i = 0; i < more.length; i += 2) {
      variables.put(more[i], more[i + 1]);
    }
    return variables;
  }

  private Map<String, String> environment() {
    Map<String, String> all = new HashMap<>(journey.environment());
    all.put("CLAVIGER_PUBLIC_URL", CLAVIGER);
    all.computeIfPresent(
        "CLAVIGER_ALLOWED_PRIVATE_HOSTS",
        (name, provider) -> provider + ",127.0.0.1:" + platform.port());
    return all;
  }

  private DocumentedCommands commands() {
    Map<String, String> replacements = new LinkedHashMap<>();
    replacements.put("http://localhost:8080", node.api().toString());
    replacements.put(CLAVIGER + "/oauth", node.api() + "/oauth");
    replacements.put(GITHUB, platform.address());
    replacements.put("2030-01-01T00:00:00Z", Instant.now().plus(Duration.ofDays(1)).toString());
    return DocumentedCommands.of(DOCUMENTS, replacements);
  }

  private Api newToken(String handle) {
    String token =
        root.post(
                "/v1/users/" + handle + "/tokens",
                Map.of("name", "again", "scope", "manage", "recovery", true))
            .isStatus(201)
            .text("/token");
    return root.holding(journey.token(token));
  }

  /** A browser in which {@code alice} used a one-time link. */
  private FormBrowser signedIn() {
    String link =
        SignInLinkCommand.make(Settings.from(environment), new Handle("alice"))
            .lend(text -> URI.create(new String(text)).getPath());
    FormBrowser browser = FormBrowser.of(node.api());
    browser.submit(browser.open(link), link, Map.of()).isStatus(303);
    return browser;
  }

  private static boolean isInstalled(String program) throws IOException, InterruptedException {
    return new ProcessBuilder("sh", "-c", "command -v " + program).start().waitFor() == 0;
  }
}
