package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.custody.Keyring;
import io.claviger.custody.TinkSealer;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.testkit.http.TestResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands for encryption keys, while nodes serve. */
@Order(2)
class RotationJourneyTest {
  private static final String OLD = Journey.ENCRYPTION_KEY;
  private static final String NEW = "canary/the+next-encryption-key-7d1f-0123456789";
  private static final int KILLS = 5;
  private static final int COPIES = 1_000 * KILLS;

  /** Between two calls of a caller, so that they leave the machine to nodes that start. */
  private static final long PAUSE_NANOS = 50_000_000;

  @TempDir private Path directory = Path.of("");
  @AutoClose private final Journey journey = new Journey();

  @Tag("thorough")
  @Test
  void a_key_is_replaced_by_another_on_two_nodes_without_one_refused_call() throws Exception {
    Node one = journey.startNode();
    Node other = journey.startNode();
    Api alice = journey.user(one, "alice");
    Api bob = journey.user(one, "bob");
    journey.service(alice, "alice/lent");
    alice.share("alice/lent", "bob", "reader").isStatus(201);
    journey.serviceOfUserKeys(alice, "alice/own");
    alice.share("alice/own", "bob", "reader").isStatus(201);
    bob.storeKey("alice/own", journey.endpoint(), journey.key("bob")).isStatus(201);
    alice
        .put(
            "/v1/llm-services/alice/lent/billing",
            Map.of("api_key", journey.secret("sk-admin-canary/billing+3f9d51c7e2")))
        .isStatus(201);
    String secret =
        alice
            .put("/v1/users/alice/webhook", Map.of("url", "https://hooks.example.com/budgets"))
            .isStatus(201)
            .text("/secret");
    assertThat(journey.token(secret)).startsWith("whsec_");
    assertThat(journey.token(secret.substring("whsec_".length()))).isNotEmpty();
    String old = id(true);
    assertThat(rotation(NEW + "," + OLD, 1).errors())
        .contains("is missing at")
        .contains("add it there as the last key");
    assertThat(id(true)).isEqualTo(old);

    try (Callers callers = new Callers(bob)) {
      callers.at(one, other);
      other = restarted(callers, one, other, OLD + "," + NEW);
      one = restarted(callers, other, one, OLD + "," + NEW);
      one = restarted(callers, other, one, NEW + "," + OLD);
      other = restarted(callers, one, other, NEW + "," + OLD);
      try (OpenStream central =
              OpenStream.of(bob.at(one), "services/alice/lent", OpenStream.ENDLESS);
          OpenStream own = OpenStream.of(bob.at(other), "services/alice/own", OpenStream.ENDLESS)) {
        assertThat(rotation(NEW + "," + OLD, 0).printed())
            .anyMatch(
                l -> l.matches("[56] values .*")); // with the key of the audit trail, if it is made
        callers.more();
        // Longer than from one look at a stream to the next.
        Eventually.holds(Duration.ofSeconds(20), () -> callers.since() > 100);
        assertThat(central.isOver()).isFalse();
        assertThat(own.isOver()).isFalse();
        bob.at(one).storeKey("alice/own", journey.endpoint(), journey.key("bob-new")).isStatus(200);
        Eventually.holds(Duration.ofSeconds(10), own::isOver);
        assertThat(central.isOver()).isFalse();
      }
      assertThat(run("keys", "retire", old).ended(0).printed())
          .anyMatch(l -> l.contains("retired"));
      one = restarted(callers, other, one, NEW);
      other = restarted(callers, one, other, NEW);
    }

    assertThat(journey.column("select state from encryption_keys where id = '" + old + "'"))
        .containsExactly("retired");
    assertThat(
            journey.column(
                "select distinct api_key_sealed_under from instances where api_key_sealed is not"
                    + " null"))
        .containsExactly(id(true));
    assertThat(journey.column("select secret_sealed_under from webhooks"))
        .containsExactly(id(true));
    assertThat(journey.column("select credential_sealed_under from billing_credentials"))
        .containsExactly(id(true));
    assertThat(run(environment(OLD), "serve").ended(1).errors())
        .contains("encryption keys that were not given");
  }

  @Tag("thorough")
  @Test
  void a_rotation_that_is_killed_again_and_again_loses_nothing_and_seals_nothing_twice()
      throws Exception {
    Node node = journey.startNode();
    Api alice = journey.user(node, "alice");
    journey.service(alice, "alice/one");
    journey.stop(node);
    String old = id(true);
    multiply(COPIES);
    List<String> before = new ArrayList<>();
    Random random = new Random(7);
    for (int n = 0; n < KILLS; n++) {
      try (Program rotating = program(environment(NEW + "," + OLD), "keys", "rotate")) {
        Eventually.holds(
            Duration.ofSeconds(60), () -> rotating.errors().contains("values to reencrypt"));
        LockSupport.parkNanos(random.nextLong(400_000_000));
        rotating.kill();
      }
      List<String> done = bytesUnder(false, old);
      assertThat(done).containsAll(before);
      before = done;
    }
    Program last = program(environment(NEW + "," + OLD), "keys", "rotate").ended(0);
    assertThat(last.errors()).doesNotContain("\tat ");
    assertThat(bytesUnder(false, old)).hasSize(COPIES + 1).containsAll(before);
    assertThat(bytesUnder(true, old)).isEmpty();
    Program retiring = program(environmentWithoutKeys(), "keys", "retire", old);
    assertThat(retiring.ended(0).printed()).isNotEmpty();

    Node after = journey.startNode(withKeys(NEW));
    alice.at(after).embed("alice/one").isStatus(200);
    for (int n = 1; n <= COPIES; n += COPIES / 50) {
      alice.at(after).embed("alice/copy-" + n).isStatus(200);
      assertThat(journey.credentials().getLast()).isEqualTo("Bearer " + journey.key("copy") + n);
    }
  }

  @Tag("thorough")
  @Test
  void status_says_which_keys_there_are_and_who_holds_them() throws Exception {
    Node node = journey.startNode();
    journey.service(journey.user(node, "alice"), "alice/one");
    String old = id(true);

    String status =
        String.join(
            "\n", program(environment(NEW + "," + OLD), "keys", "status").ended(0).printed());

    assertThat(status)
        .contains("Encryption keys", "Nodes", "process " + ProcessHandle.current().pid())
        .containsPattern(old + " +live +1 +0 +0 +0 +0 +0 +0 +0 +[01] +0 +opens")
        .containsPattern("[0-9a-f]{8} +new +0 +0 +0 +0 +0 +0 +0 +0 +0 +0 +first: seals")
        .containsPattern("s ago +" + old + " +" + old);
    journey.stop(node);
    assertThat(
            String.join("\n", run(environmentWithoutKeys(), "keys", "status").ended(0).printed()))
        .containsPattern(old + " +live +1 +0 +0 +0 +0 +0 +0 +0 +[01] +0 +no")
        .contains("none");
    Node unused = journey.startNode();
  }

  @Tag("thorough")
  @Test
  void a_lost_key_is_discarded_though_no_node_can_start() throws Exception {
    Node node = journey.startNode();
    Api alice = journey.user(node, "alice");
    journey.service(alice, "alice/one");
    alice.put("/v1/users/alice/webhook", Map.of("url", "https://example.com/hook")).isStatus(201);
    // A node signs the trail each minute, and makes its key for the first signature.
    Eventually.holds(
        Duration.ofSeconds(90), () -> !journey.column("select id from audit_keys").isEmpty());
    String old = id(true);
    assertThat(run(environmentWithoutKeys(), "keys", "discard", old, "--yes").ended(1).errors())
        .contains("is held by the node");
    journey.stop(node);
    assertThat(run(environment(OLD), "keys", "discard", old, "--yes").ended(1).errors())
        .contains("not lost");
    assertThat(run(environmentWithoutKeys(), "keys", "discard", old).ended(1).errors())
        .contains("--yes");
    assertThat(run(environment(NEW), "serve").ended(1).errors()).contains(old);

    assertThat(program(environment(NEW), "keys", "discard", old, "--yes").ended(0).printed())
        .anyMatch(l -> l.contains(": 1 API key of a service, 1 webhook, "))
        .contains("It affects 1 service and 1 user.");

    Node after = journey.startNode(withKeys(NEW));
    alice.at(after).embed("alice/one").isRefused(403, "missing_api_key");
    assertThat(
            journey.column(
                "select action from audit_events where address = 'command-line' and outcome ="
                    + " 'done' and action <> 'audit_key.delete'"))
        .containsExactlyInAnyOrder("service.key_clear", "webhook.delete", "encryption_key.delete");
  }

  @Tag("thorough")
  @Test
  void a_node_that_was_paused_while_its_key_was_replaced_refuses_and_says_so() throws Exception {
    Map<String, String> environment = environment(OLD);
    try (Program paused = program(environment, "serve")) {
      Program.Ready ready = paused.ready();
      Api root = ready.caller(Journey.ROOT_TOKEN);
      String token =
          journey.token(
              root.post("/v1/users", Map.of("handle", "alice"))
                  .isStatus(201)
                  .text("/access_token"));
      Api alice = ready.caller(token);
      journey.service(alice, "alice/one");
      alice.embed("alice/one").isStatus(200);
      String old = id(true);
      assertThat(rotation(NEW + "," + OLD, 1).errors()).contains("missing at");
      paused.pause();
      journey.tamper("update nodes set seen_at = seen_at - interval '1 minute'");
      assertThat(rotation(NEW + "," + OLD, 0).printed()).anyMatch(l -> l.matches("[23] values .*"));
      assertThat(run("keys", "retire", old).ended(0).printed()).isNotEmpty();
      paused.goOn();

      Eventually.holds(
          Duration.ofSeconds(20),
          () -> paused.errors().contains("encryption keys that were not given"));
      alice.get("/health/ready").isStatus(503);
      alice.embed("alice/one").isRefused(503, "service_unavailable");
      assertThat(
              alice
                  .patch(
                      "/v1/llm-services/alice/one",
                      Map.of("api_key", journey.key("other"), "endpoint", journey.endpoint()))
                  .status())
          .isEqualTo(409);
    }
    Api unused = journey.user(journey.startNode(withKeys(NEW)), "bob");
  }

  /** Repeated calls at nodes, each of which must be answered. */
  private static final class Callers implements AutoCloseable {
    private final Api bob;
    private final AtomicInteger answered = new AtomicInteger();
    private final List<String> refused = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private volatile List<Node> nodes = List.of();
    private int begun;

    Callers(Api bob) {
      this.bob = bob;
    }

    void at(Node... which) {
      drain();
      nodes = List.of(which);
      over.set(false);
      for (Node node : nodes) {
        for (String service : List.of("alice/lent", "alice/own")) {
          threads.add(Thread.startVirtualThread(() -> call(bob.at(node), service)));
        }
      }
      more();
      Eventually.holds(Duration.ofSeconds(20), () -> since() > 4);
    }

    void more() {
      begun = answered.get();
    }

    int since() {
      return answered.get() - begun;
    }

    private void call(Api caller, String service) {
      while (!over.get()) {
        TestResponse reply = caller.embed(service);
        if (reply.status() != 200) {
          synchronized (refused) {
            refused.add(reply.status() + " " + reply.body());
          }
        }
        answered.incrementAndGet();
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }

    private void drain() {
      over.set(true);
      try {
        for (Thread thread : threads) {
          thread.join();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      threads.clear();
    }

    @Override
    public void close() {
      drain();
      assertThat(refused).isEmpty();
      assertThat(answered.get()).isGreaterThan(50);
    }
  }

  /**
   * As behind a load balancer, one node serves while the other node is restarted with other keys.
   */
  private Node restarted(Callers callers, Node serving, Node ending, String keys) {
    callers.at(serving);
    journey.stop(ending);
    Node again = journey.startNode(withKeys(keys));
    callers.at(serving, again);
    return again;
  }

  /** Creates copies of an existing service, each with its own key. */
  private void multiply(int copies) {
    TinkSealer sealer = new TinkSealer(Keyring.of(OLD.getBytes(StandardCharsets.UTF_8)));
    Destination destination = new Destination(Endpoint.of(journey.endpoint()), KeyPlacement.BEARER);
    List<String> ids = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    for (int n = 1; n <= copies; n++) {
      Instance.Id id = new Instance.Id(new UUID(n * 1_000_003L, n));
      byte[] text = (journey.key("copy") + n).getBytes(StandardCharsets.US_ASCII);
      try (Secret key = Secret.takingOver(text)) {
        byte[] value = sealer.seal(key, KeyBinding.ofApiKey(id, destination)).bytes();
        keys.add("\\\\x" + HexFormat.of().formatHex(value));
      }
      ids.add(id.value().toString());
    }
    journey.tamper(
        """
        insert into instances (
          id, owner_id, owner_handle, handle, display_name, description, provider, api_standard,
          endpoint, model, timeout_ms, enabled, central_key, user_keys, fallback_to_central,
          api_key_sealed, api_key_set_at, version, created_at, updated_at)
        select c.id, owner_id, owner_handle, 'copy-' || c.n, display_name, description, provider,
          api_standard, endpoint, model, timeout_ms, enabled, central_key, user_keys,
          fallback_to_central, c.key, api_key_set_at, version, created_at, updated_at
        from instances,
          unnest(cast('{%s}' as uuid[]), cast('{"%s"}' as bytea[])) with ordinality c (id, key, n)
        where handle = 'one'
        """
            .formatted(String.join(",", ids), String.join("\",\"", keys)));
  }

  private List<String> bytesUnder(boolean old, String id) {
    return journey.column(
        "select encode(api_key_sealed, 'hex') from instances where (api_key_sealed_under = '%s') = %s"
            .formatted(id, old));
  }

  private String id(boolean live) {
    return journey
        .column(
            "select id from encryption_keys where state = '%s'"
                .formatted(live ? "live" : "retired"))
        .getFirst();
  }

  private CommandResult rotation(String keys, int exitCode) {
    return run(environment(keys), "keys", "rotate").ended(exitCode);
  }

  private CommandResult run(String... arguments) {
    return run(environmentWithoutKeys(), arguments);
  }

  private static CommandResult run(Map<String, String> environment, String... arguments) {
    return Commands.run(environment, arguments);
  }

  /** A command as a process of its own. */
  private Program program(Map<String, String> environment, String... arguments) {
    return Program.start(directory, environment, arguments);
  }

  private Map<String, String> withKeys(String keys) {
    Map<String, String> environment = journey.environment();
    environment.put("ENCRYPTION_KEY", keys);
    return environment;
  }

  private Map<String, String> environment(String keys) {
    return withKeys(keys);
  }

  private Map<String, String> environmentWithoutKeys() {
    Map<String, String> environment = journey.environment();
    environment.remove("ENCRYPTION_KEY");
    return environment;
  }
}
