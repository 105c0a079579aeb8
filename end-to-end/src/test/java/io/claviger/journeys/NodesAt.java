package io.claviger.journeys;

import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.bootstrap.node.Node;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.stub.StubProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Nodes that use an external database, and their provider. */
final class NodesAt implements AutoCloseable {
  private static final String ROOT = "canary-root-token-of-other-databases-0123456789";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final StubProvider provider = StubProvider.start();
  private final List<Node> nodes = new ArrayList<>();

  Map<String, String> environment(String databaseUrl) {
    Map<String, String> environment = new HashMap<>();
    environment.put("DATABASE_URL", databaseUrl);
    environment.put("CLAVIGER_DATABASE_POOL", "5");
    environment.put("CLAVIGER_PORT", "0");
    environment.put("CLAVIGER_GATEWAY_PORT", "0");
    environment.put("ENCRYPTION_KEY", Journey.ENCRYPTION_KEY);
    environment.put("CLAVIGER_ADMIN_TOKEN", ROOT);
    environment.put("CLAVIGER_ALLOWED_PRIVATE_HOSTS", "127.0.0.1:" + provider.port());
    return environment;
  }

  Node start(Map<String, String> environment) {
    Node node = Node.start(Settings.forServing(environment));
    synchronized (nodes) {
      nodes.add(node);
    }
    return node;
  }

  void stop(Node node) {
    synchronized (nodes) {
      nodes.remove(node);
    }
    node.stop(Duration.ofSeconds(10));
  }

  /** Creates a user, who calls one of the nodes. */
  Api user(Node node, String handle) {
    Api root = new Api(node.api(), node.gateway(), ROOT, answer -> {});
    return root.holding(
        root.post("/v1/users", Map.of("handle", handle)).isStatus(201).text("/access_token"));
  }

  /** Creates a service at the provider. */
  void service(Api owner, String ref) {
    owner.putService(ref, provider.baseUrl() + "/v1", "sk-of-another-database-0123456789");
  }

  /** Waits for as long as a node may use what it remembers after a change. */
  static void awaitBound() {
    long changed = System.nanoTime();
    Eventually.holds(
        PATIENCE, () -> System.nanoTime() - changed > AuthorizationCache.BOUND.toNanos());
  }

  @Override
  public void close() {
    List.copyOf(nodes).forEach(this::stop);
    provider.close();
  }
}
