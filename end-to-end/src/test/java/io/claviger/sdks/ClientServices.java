package io.claviger.sdks;

import io.claviger.bootstrap.node.Node;
import io.claviger.journeys.Api;
import io.claviger.journeys.Journey;
import io.claviger.stub.RecordedRequest;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A node and a provider with a service for each client, which are all Alice's. Each has a model and
 * a key of its own, by which the provider's requests can be told apart. Bob may use none of them.
 */
final class ClientServices implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Journey journey = new Journey();
  private final Node node = journey.startNode(journey.environment());
  private final Api alice = journey.user(node, "alice");
  private final Api bob = journey.user(node, "bob");

  /** Creates the service of a client. */
  void add(String client, String standard) {
    create(client, standard, model(client), Map.of());
  }

  /** Creates a service of OpenAI for a client. The provider stores responses. */
  void addStoring(String client, String model) {
    create(client, "openai", model, Map.of("provider", "openai"));
  }

  /** Creates a service of OpenAI's for a client, whose model is this one. */
  void addOf(String client, String model) {
    create(client, "openai", model, Map.of());
  }

  /** Lets all calls of a client's service use as many tokens a day. */
  void limit(String client, int tokens) {
    Map<String, Object> budget = Map.of("amount", tokens, "unit", "tokens", "window", "day");
    alice
        .patch(
            "/v1/llm-services/" + service(client),
            Map.of("limits", Map.of("budgets", List.of(budget))))
        .isStatus(200);
  }

  /** The base URL of a client's service. */
  String url(String client) {
    return clavigerUrl() + "/gateway/services/" + service(client) + "/v1";
  }

  /** Returns the messages that callers sent to the provider over WebSockets. */
  List<String> spoken() {
    return journey.provider().socketMessages();
  }

  /** Adds a secret that must not be found anywhere. */
  void canary(String secret) {
    String unused = journey.token(secret);
  }

  private void create(String client, String standard, String model, Map<String, String> more) {
    String path = standard.equals("openai") ? "/v1" : "";
    Map<String, String> service = new HashMap<>(more);
    service.put("api_standard", standard);
    service.put("endpoint", journey.provider().baseUrl() + path);
    service.put("model", model);
    service.put("api_key", journey.key(client));
    alice.put("/v1/llm-services/" + service(client), service).isStatus(201);
  }

  /** Creates the service of a client, with a budget that has no room for a single call. */
  void addWithoutBudget(String client, String standard) {
    add(spent(client), standard);
    Map<String, Object> least = Map.of("amount", 1, "unit", "tokens", "window", "day");
    alice
        .patch(
            "/v1/llm-services/" + service(spent(client)),
            Map.of("limits", Map.of("budgets", List.of(least))))
        .isStatus(200);
  }

  /** The client, with the service that has a budget. */
  static String spent(String client) {
    return client + "-spent";
  }

  /**
   * Waits until refused calls are counted, and returns how many of Alice's calls of a client's
   * service were refused.
   */
  long refused(String client) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long refused = CountedUsage.refusedSoFar(journey, service(client), "alice");
    while (refused == 0 && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(10_000_000);
      refused = CountedUsage.refusedSoFar(journey, service(client), "alice");
    }
    return refused;
  }

  private static String service(String client) {
    return "alice/" + client;
  }

  /** The address of the gateway, which is the same for all clients. */
  String clavigerUrl() {
    return node.gateway().toString();
  }

  /** The address of the API. */
  URI api() {
    return node.api();
  }

  /** The name of the model that only the service of this client has. */
  String model(String client) {
    return "parrot-" + client;
  }

  /** Returns the reference of the same model: its service and its name. */
  String reference(String client) {
    return service(client) + "/" + model(client);
  }

  /** Returns the token of a user who may use the services. */
  String token() {
    return alice.token();
  }

  /** Returns the token of a user who may not use the services. */
  String strangersToken() {
    return bob.token();
  }

  /** Returns the objects of a client that are stored at the provider. */
  List<String> stored(String client) {
    return journey.provider().objectIds(journey.key(client));
  }

  /** Returns the requests of a client that reached the provider. */
  List<RecordedRequest> arrived(String client) {
    String key = journey.key(client);
    return journey.provider().requests().stream()
        .filter(r -> r.headers().stream().anyMatch(h -> h.value().endsWith(key)))
        .toList();
  }

  /**
   * Returns the same requests, without the requests for lists of models that the gateway itself may
   * send.
   */
  List<RecordedRequest> calls(String client) {
    return arrived(client).stream().filter(request -> request.method().equals("POST")).toList();
  }

  /** All requests that came to the provider with an access token in their heads. */
  List<RecordedRequest> arrivedWithToken() {
    return journey.provider().requests().stream()
        .filter(r -> r.headers().stream().anyMatch(h -> isToken(h.value())))
        .toList();
  }

  private boolean isToken(String value) {
    return value.contains(token()) || value.contains(strangersToken());
  }

  /**
   * Waits until as many of Alice's calls are counted as reached the provider, and returns their
   * counts.
   */
  CountedUsage counted(String client) {
    // What comes over a WebSocket is no request of the provider's record.
    int arrived = Math.max(1, calls(client).size());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    CountedUsage counted = countedSoFar(client);
    while (counted.requests() < arrived && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(10_000_000);
      counted = countedSoFar(client);
    }
    return counted;
  }

  private CountedUsage countedSoFar(String client) {
    return CountedUsage.soFar(journey, service(client), "alice");
  }

  void assertNothingLeaked() {
    journey.assertNothingLeaked();
  }

  @Override
  public void close() {
    journey.close();
  }
}
