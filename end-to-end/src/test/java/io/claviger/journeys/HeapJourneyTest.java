package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.stub.StubOptions;
import io.claviger.stub.StubProvider;
import io.claviger.testkit.TlsIdentity;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * After calls have ended, the heap of a running node contains no stored key, although connections
 * to callers and providers are still open.
 */
@Tag("thorough")
class HeapJourneyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final List<String> BEHAVIOURS =
      List.of(
          "text-embedding-3-small",
          "stub-echo-key-header",
          "stub-echo-key-body",
          "stub-echo-key-error",
          "stub-echo-header-X-Extra",
          "stub-unauthorized",
          "stub-reset",
          "stub-half-header",
          "stub-lying-length");

  @TempDir private Path directory = Path.of("");

  @AutoClose private final Journey journey = new Journey();
  private final SecureRandom random = new SecureRandom();
  private final List<String> keys = new ArrayList<>();
  private final List<String> services = new ArrayList<>();
  private String secure = "";
  private Map<String, String> environment = Map.of();

  @BeforeEach
  void environment() throws Exception {
    environment = journey.environment();
    environment.put("CLAVIGER_LOG_LEVEL", "trace");
  }

  @Test
  void after_calls_ended_no_stored_key_is_left() throws Exception {
    TlsIdentity identity = TlsIdentity.shared();
    try (StubProvider tls =
        StubProvider.start(
            StubOptions.defaults()
                .tls(SslContextBuilder.forServer(identity.keyManagers()).build()))) {
      secure = tls.baseUrl() + "/v1";
      environment.merge(
          "CLAVIGER_ALLOWED_PRIVATE_HOSTS", "127.0.0.1:" + tls.port(), (a, b) -> a + "," + b);
      environment.put("JAVA_TOOL_OPTIONS", String.join(" ", identity.trusting()));
      try (Program program = Program.start(directory, environment, "serve")) {
        Api root = program.ready().caller(Journey.ROOT_TOKEN);
        Api alice = user(root, "alice");
        services(root, alice);
        calls(program, alice);
        try (OpenStream stream = OpenStream.of(alice, "services/alice/plain", OpenStream.ENDLESS)) {
          assertThat(stream.isOver()).isFalse();
          assertThat(found(program)).as("while a call is under way").isNotEmpty();
        }
        journey.provider().awaitCancelled(1, PATIENCE);
        assertThat(found(program)).isEmpty();
      }
    }
  }

  @Test
  void of_keys_that_were_refused_nothing_is_left_either() throws Exception {
    try (Program program = Program.start(directory, environment, "serve")) {
      Api root = program.ready().caller(Journey.ROOT_TOKEN);
      Api alice = user(root, "alice");
      Map<String, Object> service = service(journey.endpoint());
      alice.put("/v1/llm-services/alice/one", service).isStatus(201);
      refused(alice, journey.endpoint());
      assertThat(found(program)).isEmpty();
    }
  }

  private void services(Api root, Api alice) {
    root.put("/v1/api-standards/by-query", Map.of("key_method", "query_param", "key_field", "key"))
        .isStatus(201);
    for (String endpoint : List.of(journey.endpoint(), secure)) {
      String name = endpoint.equals(secure) ? "tls" : "plain";
      create(alice, name, service(endpoint));
      alice
          .put(
              "/v1/llm-services/alice/" + name + "/billing", Map.of("api_key", "sk-admin-" + key()))
          .isStatus(201);
      create(alice, name + "-by-header", with(service(endpoint), "api_standard", "azure-openai"));
      create(alice, name + "-by-query", with(service(endpoint), "api_standard", "by-query"));
      create(
          alice,
          name + "-replaced",
          with(service(endpoint), "custom_headers", Map.of("X-Extra", key())));
      alice
          .patch(
              "/v1/llm-services/alice/" + name + "-replaced",
              Map.of("endpoint", endpoint, "api_key", key(2_000)))
          .isStatus(200);
      Map<String, Object> own = service(endpoint);
      own.remove("api_key");
      create(alice, name + "-of-users", with(own, "key_policy", Policies.USER));
      alice.storeKey("alice/" + name + "-of-users", endpoint, key()).isStatus(201);
    }
  }

  private void create(Api alice, String name, Map<String, Object> service) {
    alice.put("/v1/llm-services/alice/" + name, service).isStatus(201);
    services.add("alice/" + name);
  }

  private Map<String, Object> service(String endpoint) {
    return new HashMap<>(
        Map.of("definition", "_system/openai-small", "endpoint", endpoint, "api_key", key()));
  }

  private static Map<String, Object> with(Map<String, Object> service, String field, Object value) {
    service.put(field, value);
    return service;
  }

  private void calls(Program program, Api alice) throws Exception {
    for (String behaviour : BEHAVIOURS) {
      for (String service : services) {
        try {
          alice.embed(service, Map.of("model", behaviour, "input", "Hello"));
        } catch (UncheckedIOException broken) {
          assertThat(behaviour).isIn("stub-lying-length", "stub-half-header", "stub-reset");
        }
      }
    }
    assertThat(found(program)).as("calls").isEmpty();
    for (String service : services) {
      try (OpenStream echo = OpenStream.of(alice, "services/" + service, "stub-echo-key-stream")) {
        Eventually.holds(PATIENCE, echo::isOver);
      }
    }
    assertThat(found(program)).as("streams").isEmpty();
    alice.checkAll("alice").isStatus(200);
  }

  /** Deposits that come to nothing, each another way. */
  private void refused(Api alice, String endpoint) throws IOException {
    String path = "/v1/llm-services/alice/one";
    alice.patch(path, Map.of("endpoint", endpoint, "api_key", key() + "\u00e9")).isStatus(422);
    alice.patch(path, Map.of("endpoint", endpoint, "api_key", List.of(key()))).isStatus(422);
    alice.patch(path, Map.of("endpoint", endpoint, "apikey", key())).isStatus(422);
    alice.patch(path, Map.of("endpoint", key(), "api_key", key())).isStatus(422);
    alice.patch(path, Map.of("timeout_ms", 0, "api_key", key())).isStatus(422);
    alice.put("/v1/llm-services/bob/one", service(endpoint)).isStatus(403);
    assertThat(alice.storeKey("alice/one", endpoint, key()).status()).isBetween(400, 499);
    String half = "{\"endpoint\":\"" + endpoint + "\",\"api_key\":\"";
    send(alice, path, half + key() + "\",", false);
    send(alice, path, half + key() + "\"} and more", false);
    send(alice, path, half + key(), true);
    send(alice, path, half + key() + "\"" + " ".repeat(1 << 20) + "}", false);
  }

  /** A body as it is, of which a byte never comes where it is to be broken off. */
  private static void send(Api caller, String path, String body, boolean brokenOff)
      throws IOException {
    try (Socket socket = new Socket(caller.api().getHost(), caller.api().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          "PATCH %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
              .formatted(path, caller.token(), body.length() + (brokenOff ? 1 : 0), body)
              .getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 4");
    }
  }

  private static Api user(Api root, String handle) {
    return root.holding(
        root.post("/v1/users", Map.of("handle", handle)).isStatus(201).text("/access_token"));
  }

  /** Returns a random key. No two of these keys have sixteen successive characters in common. */
  private String key() {
    return key(48);
  }

  private String key(int length) {
    StringBuilder key = new StringBuilder();
    for (int i = 0; i < length; i++) {
      key.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    keys.add(key.toString());
    return key.toString();
  }

  private Set<String> found(Program program) throws Exception {
    Path dump = program.heapDump(directory);
    try {
      // The operator's own, from the environment: it is there, and so the search works.
      assertThat(BinarySearch.in(dump, List.of(Journey.ENCRYPTION_KEY))).isNotEmpty();
      return BinarySearch.in(dump, keys);
    } finally {
      Files.delete(dump);
    }
  }
}
