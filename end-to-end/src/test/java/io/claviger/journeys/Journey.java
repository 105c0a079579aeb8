package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.gateway.AuthorizationCache;
import io.claviger.bootstrap.cli.SignInLinkCommand;
import io.claviger.bootstrap.node.Node;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.accounts.Handle;
import io.claviger.persistence.Schema;
import io.claviger.stub.StubProvider;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A database, a provider and nodes. It collects all their output and knows all keys in use. */
public final class Journey implements AutoCloseable {
  static final String ENCRYPTION_KEY = "canary/encryption+key-of-all-journeys-7d1f";
  public static final String ROOT_TOKEN = "canary-root-token-of-the-journeys-0123456789";

  /** In a node's row, after its id, name and keys. Running nodes renew it every few seconds. */
  private static final Pattern HEARD_OF =
      Pattern.compile("(?m)^(\\S+\t[^\t\n]*, process \\d+\t[^\t\n]*\t[^\t\n]*)\t[^\t\n]*");

  private final LogCapture log = LogCapture.begin();
  private final TestDatabase database =
      PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());
  private final JdbcClient sql = JdbcClient.create(database.dataSource());
  private final StubProvider provider = StubProvider.start();
  private final List<Node> nodes = new ArrayList<>();
  private final Queue<String> answers = new ConcurrentLinkedQueue<>();
  private final Canaries keys = new Canaries();
  private final Canaries tokens = new Canaries();
  private volatile boolean hasUsers;
  private boolean searched;

  public Journey() {
    keys.add(ENCRYPTION_KEY);
    tokens.add(ROOT_TOKEN);
  }

  /** The settings with which a node is started. */
  public Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("DATABASE_URL", database.jdbcUrl());
    environment.put("CLAVIGER_DATABASE_POOL", "5");
    environment.put("CLAVIGER_PORT", "0");
    environment.put("CLAVIGER_GATEWAY_PORT", "0");
    environment.put("ENCRYPTION_KEY", ENCRYPTION_KEY);
    environment.put("CLAVIGER_ADMIN_TOKEN", ROOT_TOKEN);
    environment.put("CLAVIGER_ALLOWED_PRIVATE_HOSTS", "127.0.0.1:" + provider.port());
    return environment;
  }

  /** The settings of a node with a separate connection to the database. */
  Map<String, String> environment(DatabaseGate gate) {
    Map<String, String> environment = environment();
    environment.put("DATABASE_URL", gate.jdbcUrl());
    return environment;
  }

  /** Returns a proxy to the database that can be closed. */
  DatabaseGate gate() {
    return new DatabaseGate(database.jdbcUrl());
  }

  public Node startNode() {
    return startNode(environment());
  }

  public Node startNode(Map<String, String> environment) {
    Node node = Node.start(Settings.forServing(environment));
    nodes.add(node);
    return node;
  }

  public void stop(Node node) {
    nodes.remove(node);
    node.stop(Duration.ofSeconds(10));
  }

  /** Stops all nodes but this one. */
  void stopAllBut(Node staying) {
    List.copyOf(nodes).stream().filter(node -> !node.equals(staying)).forEach(this::stop);
  }

  /** Forgets the log and the answers, and captures no more log until {@link #watch}. */
  void rest() {
    log.close();
    answers.clear();
    hasUsers = false;
  }

  /** Ends {@link #rest}. */
  void watch() {
    log.open();
  }

  /**
   * Deletes all users but root with what is theirs, all groups, and the system's models and
   * services, so that each test of a class finds the node as the first one did. Rejected tokens
   * count no more, and are recorded. What was logged, counted otherwise and recorded stays. The
   * database is searched for secrets before.
   */
  public void startOver(Node node) {
    searchDatabase();
    node.context().get(RejectedTokens.class).settle(Instant.now());
    Api root = root(node);
    for (String user : root.get("/v1/users?limit=200").items("handle")) {
      if (!user.equals("root")) {
        root.delete("/v1/users/" + user + "?force=true").isStatus(204);
      }
    }
    deleteAll(root, "/v1/groups", "handle");
    deleteAll(root, "/v1/model-configs", "id");
    deleteAll(root, "/v1/llm-services/_system", "handle");
    provider.clear();
    provider.ledger().reset();
  }

  private static void deleteAll(Api root, String path, String name) {
    for (String each : root.get(path + "?limit=200").items(name)) {
      root.delete(path + "/" + each).isStatus(204);
    }
  }

  public StubProvider provider() {
    return provider;
  }

  /** The provider's base URL in the OpenAI format. */
  public String endpoint() {
    return provider.baseUrl() + "/v1";
  }

  /** Another base URL of the provider in the OpenAI format. */
  String movedEndpoint() {
    return provider.baseUrl() + "/moved/v1";
  }

  /** A service at the provider with a credential that is no API key. */
  Map<String, Object> serviceWith(Map<String, Object> credential) {
    return Map.of(
        "definition", "_system/openai-small", "endpoint", endpoint(), "credential", credential);
  }

  /** The first column of what a query finds, as text. */
  public List<String> column(String query) {
    return sql.sql(query).query((row, number) -> row.getString(1)).list();
  }

  /**
   * All that is in the database, as text, but when nodes were last heard of. Nodes link events of
   * the audit trail a moment after they happened, so that is waited for.
   */
  String everything() {
    if (!nodes.isEmpty()) {
      Eventually.holds(
          Duration.ofSeconds(10), () -> column("select 1 from audit_unsealed limit 1").isEmpty());
    }
    return HEARD_OF.matcher(dump()).replaceAll("$1");
  }

  /** Changes rows with SQL, and waits until no node uses what it cached before. */
  public void tamper(String statement) {
    assertThat(sql.sql(statement).update()).isPositive();
    long changed = System.nanoTime();
    Eventually.holds(
        Eventually.SOON, () -> System.nanoTime() - changed > AuthorizationCache.BOUND.toNanos());
  }

  /** Inserts with SQL what would take hundreds of requests. */
  public void insert(String statement) {
    assertThat(sql.sql(statement).update()).isPositive();
  }

  /** Changes the schema with SQL. */
  void alter(String statement) {
    int unused = sql.sql(statement).update();
  }

  /** Adds a key that must not leak, and returns it. */
  public String key(String name) {
    String key = "sk-canary/" + name + "+3f9d51c7e2";
    keys.add(key);
    return key;
  }

  /** Adds what an operator chose that must not leak, not even into an answer, and returns it. */
  public String secret(String chosen) {
    keys.add(chosen);
    return chosen;
  }

  /** Adds a token that must not leak, and returns it. */
  public String token(String token) {
    tokens.add(token);
    return token;
  }

  public Api root(Node node) {
    return new Api(node.api(), node.gateway(), ROOT_TOKEN, answers::add);
  }

  /** Creates a user and returns a client with their first access token. */
  public Api user(Node node, String handle) {
    return user(node, Map.of("handle", handle));
  }

  public Api administrator(Node node, String handle) {
    return user(node, Map.of("handle", handle, "administrator", true));
  }

  private Api user(Node node, Map<String, ?> json) {
    String token = root(node).post("/v1/users", json).isStatus(201).text("/access_token");
    tokens.add(token);
    hasUsers = true;
    return root(node).holding(token);
  }

  /** A new link with which a browser signs in once as this user. */
  public String signInLink(Node node, String user) {
    Map<String, String> environment = environment();
    environment.put("CLAVIGER_PUBLIC_URL", node.api().toString());
    return SignInLinkCommand.make(Settings.from(environment), new Handle(user))
        .lend(text -> new String(text));
  }

  /** A service of OpenAI's format at the provider, with a key of its own. */
  public String service(Api owner, String ref) {
    owner.putService(ref, endpoint(), key(ref));
    return ref;
  }

  /** A service at the provider that asks each user for a key of their own. */
  public String serviceOfUserKeys(Api owner, String ref) {
    owner
        .put(
            "/v1/llm-services/" + ref,
            Map.of(
                "definition",
                "_system/openai-small",
                "endpoint",
                endpoint(),
                "key_policy",
                Policies.USER))
        .isStatus(201);
    return ref;
  }

  /** Returns the credentials with which the provider was called, in order. */
  List<String> credentials() {
    return provider.requests().stream().map(r -> r.header("Authorization")).toList();
  }

  /** Asserts that no log, response, metric or table contains a key or a token. */
  public void assertNothingLeaked() {
    searched = true;
    if (hasUsers) {
      // A line of the access log is written once its answer has been sent.
      Eventually.holds(Duration.ofSeconds(20), () -> log.everything().contains("/v1/users"));
    }
    // This JVM does not trust the certificate of a node that speaks TLS.
    String metrics =
        nodes.stream()
            .filter(n -> n.api().getScheme().equals("http"))
            .map(n -> root(n).get("/metrics").body())
            .collect(Collectors.joining("\n"));
    String logged = log.everything();
    String answered = String.join("\n", answers);
    if (!nodes.isEmpty()) {
      assertThat(metrics).contains("claviger_gateway");
    }
    assertThat(keys.in(answered)).as("in answers").isEmpty();
    for (Canaries secrets : List.of(keys, tokens)) {
      assertThat(secrets.in(logged)).as("in the log").isEmpty();
      assertThat(secrets.in(metrics)).as("in metrics").isEmpty();
    }
    searchDatabase();
  }

  private void searchDatabase() {
    String dump = dump();
    assertThat(dump).contains("encryption_keys", "openai-small", "audit_events");
    for (Canaries secrets : List.of(keys, tokens)) {
      assertThat(secrets.in(dump)).as("in the database").isEmpty();
    }
  }

  /** Asserts that a text contains no key in any form. */
  public void assertNoKeyIn(String what, String text) {
    assertThat(keys.in(text)).as("in %s", what).isEmpty();
  }

  /** Every table of every schema as text, bytes in hex. */
  private String dump() {
    try (Connection connection = database.dataSource().getConnection()) {
      return DatabaseDump.of(connection).text();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A second database with the same rows. */
  TestDatabase restoredElsewhere(Path directory)
      throws SQLException, IOException, InterruptedException {
    try (Connection connection = database.dataSource().getConnection()) {
      return DatabaseDump.restoredElsewhere(connection, database.jdbcUrl(), directory);
    }
  }

  /** Searches for leaks unless the test has done so: no journey may leak a key. */
  @Override
  public void close() {
    try {
      if (!searched) {
        assertNothingLeaked();
      }
    } finally {
      end();
    }
  }

  private void end() {
    nodes.forEach(node -> node.stop(Duration.ofSeconds(10)));
    provider.close();
    database.close();
    log.close();
  }
}
