package io.claviger.journeys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.stub.TokenUrls;
import io.claviger.testkit.http.LocalHttp;
import io.claviger.testkit.http.TestResponse;
import java.io.OutputStream;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests bad credentials and token URLs that misbehave. The check of a draft and the check of a
 * stored service say which step failed and why. A call is refused, and nothing reaches the
 * provider.
 */
@Tag("thorough")
class BadCredentialsJourneyTest {
  private static final String REFUSED = "credential_refused";
  private static final String UNAVAILABLE = "credential_unavailable";
  private static final String ID = "AKIAIOSFODNN7EXAMPLE";
  private static final String ACCOUNT = "models@project.iam.gserviceaccount.com";
  private static final int HUGE = 10 << 20;

  @AutoClose private final Journey journey = new Journey();
  @AutoClose private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch over = new CountDownLatch(1);
  private final TokenUrls tokens = journey.provider().tokens();
  private final LocalHttp server = serve();
  private final Api root = journey.root(journey.startNode(environment()));
  private final Api alice = root.holding(newUser());
  private int services;

  private String newUser() {
    return root.post("/v1/users", Map.of("handle", "alice")).isStatus(201).text("/access_token");
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(journey.environment());
    String allowed = environment.get("CLAVIGER_ALLOWED_PRIVATE_HOSTS");
    environment.put("CLAVIGER_ALLOWED_PRIVATE_HOSTS", allowed + ",127.0.0.1:" + server.port());
    return environment;
  }

  /** Token URLs that misbehave. */
  private LocalHttp serve() {
    LocalHttp made = new LocalHttp(threads);
    answer(made, "/redirect", 302, "");
    answer(made, "/huge", 200, "{\"access_token\":\"" + "a".repeat(HUGE) + "\"}");
    answer(made, "/expired", 200, token("Bearer", 0));
    answer(made, "/year", 200, token("Bearer", 31_536_000));
    answer(made, "/type", 200, token("mac", 900));
    made.serve("/hang", exchange -> await());
    return made;
  }

  private static String token(String type, int seconds) {
    return "{\"access_token\":\"never-to-be-sent\",\"token_type\":\"%s\",\"expires_in\":%d}"
        .formatted(type, seconds);
  }

  private static void answer(LocalHttp at, String path, int status, String body) {
    at.serve(
        path,
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().add("Location", "/year");
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          byte[] bytes = body.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
          }
        });
  }

  private void await() {
    try {
      boolean unused = over.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @BeforeEach
  void know() {
    tokens.client("alice-client", journey.key("client"));
    tokens.accessKey(ID, journey.key("aws"));
    tokens.demandTokens();
  }

  @AfterEach
  void end() {
    over.countDown();
    server.close();
    tokens.forget();
  }

  private Map<String, Object> client(String tokenUrl, String... more) {
    Map<String, Object> credential = new HashMap<>();
    credential.put("kind", "oauth_client");
    credential.put("client_id", "alice-client");
    credential.put("client_secret", journey.key("client"));
    credential.put("token_url", tokenUrl);
    for (int i = 0; i < more.length; i += 2) {
      credential.put(more[i], more[i + 1]);
    }
    return credential;
  }

  private String bad(String path) {
    return server.url() + path;
  }

  private String url(String path) {
    return journey.provider().baseUrl() + path;
  }

  private Map<String, Object> role() {
    return Map.of(
        "kind",
        "aws",
        "access_key_id",
        ID,
        "secret_access_key",
        journey.key("aws"),
        "region",
        "eu-central-1",
        "role_arn",
        "arn:aws:iam::123456789012:role/models",
        "sts_url",
        url("/tokens/sts"));
  }

  /** Checks the draft, stores it, checks it and calls it. */
  private void fails(Map<String, Object> credential, String step, String why, String code) {
    Map<String, Object> service = journey.serviceWith(credential);
    String ref = "alice/bad-" + services++;
    TestResponse draft = alice.post("/v1/llm-services/" + ref + "/draft/check", service);
    says(draft, step, why, code);
    alice.put("/v1/llm-services/" + ref, service).isStatus(201);
    says(alice.check(ref), step, why, code);
    TestResponse called = alice.embed(ref);
    called.isRefused(code.equals(REFUSED) ? 403 : 503, code);
    assertThat(called.body()).contains("at the step " + step).doesNotContain("never-to-be-sent");
  }

  private void says(TestResponse check, String step, String why, String code) {
    assertThat(check.isStatus(200).text("/status")).as(check.body()).isEqualTo("no_key");
    assertThat(check.text("/reason")).as(check.body()).isEqualTo(code);
    var last = check.at("/steps").valueStream().toList().getLast();
    assertThat(last.at("/ok").booleanValue()).isFalse();
    assertThat(last.at("/step").asString()).isEqualTo(step);
    assertThat(last.at("/detail").asString()).contains(why);
    assertThat(check.body()).doesNotContain("never-to-be-sent", journey.key("client"));
  }

  private void nothingWasSent() {
    assertThat(journey.provider().requests())
        .noneMatch(request -> request.uri().startsWith("/v1/"));
  }

  @Test
  void a_token_url_that_misbehaves_is_told_with_the_step_and_no_call_is_sent() {
    fails(client(bad("/redirect")), "token_url", "redirect (302)", REFUSED);
    fails(client(bad("/huge")), "token_url", "more than 64 KiB", UNAVAILABLE);
    fails(client(bad("/hang")), "token_url", "did not answer in time", UNAVAILABLE);
    fails(client(bad("/expired")), "token_url", "already expired", REFUSED);
    fails(client(bad("/year")), "token_url", "would live for 8,760 hours", REFUSED);
    fails(client(bad("/type")), "token_url", "is not Bearer", REFUSED);
    nothingWasSent();
  }

  @Test
  void who_is_refused_hears_the_words_of_the_token_url() {
    tokens.audiences("models");
    fails(
        client(url("/tokens/client"), "audience", "others"),
        "token_url",
        "Service not found: others",
        REFUSED);
    fails(role(), "assume_role", "is not authorized to perform: sts:AssumeRole", REFUSED);
    nothingWasSent();
  }

  @Test
  void a_clock_five_minutes_off_is_named() {
    tokens.role("arn:aws:iam::123456789012:role/models", ID);
    // A little more, because it takes a while until what was signed arrives.
    tokens.clock(() -> Instant.now().minus(Duration.ofSeconds(360)));
    fails(role(), "assume_role", "ahead of the other side's clock", REFUSED);
    nothingWasSent();
  }

  @Test
  void a_file_of_a_service_account_that_can_not_be_used_is_not_stored() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair keys = generator.generateKeyPair();
    String key = Base64.getEncoder().encodeToString(keys.getPrivate().getEncoded());
    String whole =
        """
        {"type": "service_account", "client_email": "%s", "token_uri": "%s",
         "private_key": "-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n"}
        """;
    for (String file :
        List.of(
            "no json",
            "{\"type\": \"authorized_user\"}",
            whole.formatted(ACCOUNT, url("/tokens/google"), "MIIAAAA" + key.substring(7)))) {
      Map<String, Object> service =
          journey.serviceWith(Map.of("kind", "google_service_account", "key", file));
      alice.put("/v1/llm-services/alice/file", service).hasFaults("/credential/key invalid_value");
      TestResponse draft = alice.post("/v1/llm-services/alice/file/draft/check", service);
      assertThat(draft.status()).isEqualTo(422);
      assertThat(draft.body()).doesNotContain(key.substring(40, 80));
    }
    fails(
        Map.of(
            "kind",
            "google_service_account",
            "key",
            whole.formatted(ACCOUNT, url("/tokens/google"), key)),
        "token_url",
        "account not found",
        REFUSED);
    nothingWasSent();
  }
}
