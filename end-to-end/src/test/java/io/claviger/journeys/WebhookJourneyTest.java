package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.claviger.testkit.TlsIdentity;
import io.claviger.testkit.http.TestResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole node that tells a receiver what is used up of a budget, over TLS. */
class WebhookJourneyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path directory = Path.of("");
  private final Journey journey = new Journey();
  private final Queue<Received> received = new ConcurrentLinkedQueue<>();
  private HttpsServer receiver;

  private record Received(String id, String timestamp, String signature, String body) {}

  @BeforeEach
  void listen() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(TlsIdentity.shared().keyManagers().getKeyManagers(), null, null);
    receiver = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.setHttpsConfigurator(new HttpsConfigurator(context));
    receiver.createContext("/budgets", this::receive);
    receiver.start();
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      received.add(
          new Received(
              exchange.getRequestHeaders().getFirst("webhook-id"),
              exchange.getRequestHeaders().getFirst("webhook-timestamp"),
              exchange.getRequestHeaders().getFirst("webhook-signature"),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
      exchange.sendResponseHeaders(204, -1);
    }
  }

  @AfterEach
  void close() {
    receiver.stop(0);
    journey.close();
  }

  @Test
  void a_receiver_is_told_of_each_threshold_once_in_order_with_a_signature() throws Exception {
    int port = receiver.getAddress().getPort();
    Map<String, String> environment = journey.environment();
    environment.merge(
        "CLAVIGER_ALLOWED_PRIVATE_HOSTS", "127.0.0.1:" + port, (one, more) -> one + "," + more);
    environment.put("JAVA_TOOL_OPTIONS", String.join(" ", TlsIdentity.shared().trusting()));
    try (Program program = Program.start(directory, environment, "serve")) {
      Api root = program.ready().caller(Journey.ROOT_TOKEN);
      Api alice = user(root, "alice");
      Api bob = user(root, "bob");
      journey.service(alice, "alice/lent");
      alice.share("alice/lent", "bob", "reader").isStatus(201);
      Map<String, Object> budget = Map.of("amount", 10, "unit", "requests", "window", "month");
      alice
          .patch(
              "/v1/llm-services/alice/lent", Map.of("limits", Map.of("budgets", List.of(budget))))
          .isStatus(200);
      alice
          .put("/v1/users/alice/webhook", Map.of("url", "https://127.0.0.1:1/budgets"))
          .isStatus(422);
      TestResponse made =
          alice
              .put(
                  "/v1/users/alice/webhook",
                  Map.of("url", "https://127.0.0.1:" + port + "/budgets"))
              .isStatus(201);
      String secret = journey.token(made.text("/secret"));

      for (int i = 0; i < 10; i++) {
        bob.embed("alice/lent").isStatus(200);
      }

      Eventually.holds(PATIENCE, () -> received.size() >= 3);
      assertThat(received)
          .extracting(message -> message.body().replaceAll(".*\"threshold\":(\\d+).*", "$1"))
          .containsExactly("50", "80", "100");
      assertThat(received).extracting(Received::id).doesNotHaveDuplicates();
      for (Received message : received) {
        assertThat(message.body()).contains("budget.crossed", "\"user\":\"bob\"");
        assertThat(message.signature()).isEqualTo("v1," + signature(secret, message));
      }
      Eventually.holds(
          PATIENCE,
          () ->
              alice
                  .get("/v1/users/alice/webhook")
                  .at("/deliveries/waiting")
                  .toString()
                  .equals("0"));
      assertThat(program.errors()).doesNotContain(secret, secret.substring("whsec_".length()));
    }
  }

  private Api user(Api root, String handle) {
    return root.holding(
        journey.token(
            root.post("/v1/users", Map.of("handle", handle)).isStatus(201).text("/access_token")));
  }

  /** As Standard Webhooks says. */
  private static String signature(String secret, Received message) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(
        new SecretKeySpec(
            Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
    String signed = message.id() + "." + message.timestamp() + "." + message.body();
    return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
  }
}
