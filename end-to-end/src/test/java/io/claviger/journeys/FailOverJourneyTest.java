package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.gateway.RevocationTimes;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.bootstrap.node.Node;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.instances.Instance;
import io.claviger.host.StartRefused;
import io.claviger.persistence.accounts.JdbcAccessTokens;
import io.claviger.persistence.gateway.JdbcCallContexts;
import io.claviger.persistence.gateway.JdbcChangeFeed;
import io.claviger.persistence.shared.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The primary database server crashes under load, and its replica takes over. */
@Tag("thorough")
class FailOverJourneyTest {
  private static final String SERVICE = "alice/lent";
  private static final String PATH = "/v1/llm-services/" + SERVICE;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path directory = Path.of("");

  private final NodesAt nodes = new NodesAt();
  private final AtomicBoolean over = new AtomicBoolean();
  private final Set<Integer> calls = ConcurrentHashMap.newKeySet();
  private final Set<Integer> writes = ConcurrentHashMap.newKeySet();
  private final List<AtomicInteger> passed = List.of(new AtomicInteger(), new AtomicInteger());
  private final AtomicLong lastWritten = new AtomicLong();
  private final AtomicLong revocations = new AtomicLong();
  private final AtomicLong passedAfterRevocation = new AtomicLong();

  @SuppressWarnings("NullAway.Init") // set before the test
  private PairOfServers servers;

  @BeforeEach
  void start() throws Exception {
    servers = new PairOfServers(directory);
  }

  @AfterEach
  void stop() throws Exception {
    over.set(true);
    nodes.close();
    if (servers != null) {
      servers.close();
    }
  }

  @Test
  void nodes_go_on_with_the_replica_and_nothing_revoked_passes_again() throws Exception {
    Node one = nodes.start(nodes.environment(servers.jdbcUrl()));
    Node other = nodes.start(nodes.environment(servers.jdbcUrl()));
    Api alice = nodes.user(one, "alice");
    Api bob = nodes.user(one, "bob");
    Api carol = nodes.user(one, "carol");
    lend(alice);
    AtomicInteger renewals = new AtomicInteger();
    ChangeFeed feed = feed(servers.jdbcUrl(), renewals);
    long point = feed.since(OptionalLong.empty()).point();
    assertReplicaIsRefused(bob);

    List<Thread> load =
        List.of(
            Thread.startVirtualThread(() -> call(bob, 0)),
            Thread.startVirtualThread(() -> call(bob.at(other), 1)),
            Thread.startVirtualThread(() -> write(alice)),
            Thread.startVirtualThread(() -> lendAndRevoke(alice.at(other), carol)));
    awaitProgress();
    servers.crashFirst();
    Eventually.holds(PATIENCE, () -> calls.contains(503) && writes.contains(503));
    servers.promoteSecond();
    awaitProgress();
    over.set(true);
    for (Thread thread : load) {
      thread.join();
    }

    assertThat(calls).isSubsetOf(200, 503);
    assertThat(writes).isSubsetOf(200, 503);
    assertThat(passedAfterRevocation).hasValue(0);
    assertThat(Long.parseLong(alice.get(PATH).isStatus(200).text("/description")))
        .isGreaterThanOrEqualTo(lastWritten.get());
    assertThat(renewals).hasValue(0);
    assertThat(feed.since(OptionalLong.of(point)).everything()).isTrue();
    assertThat(renewals).hasValue(1);
  }

  /** A replica may lack the latest changes, and knows nothing of who relied on which. */
  private void assertReplicaIsRefused(Api bob) {
    assertThatThrownBy(() -> nodes.start(nodes.environment(servers.secondUrl())))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("is a replica, or has no primary server");
    assertThatThrownBy(
            () -> feed(servers.secondUrl(), new AtomicInteger()).since(OptionalLong.empty()))
        .isInstanceOf(StoreUnavailable.class);
    Database replica = new Database(new DriverManagerDataSource(servers.secondUrl()));
    TokenHash token = TokenText.presented(bob.token()).hash();
    assertThatThrownBy(() -> new JdbcAccessTokens(replica).find(token))
        .isInstanceOf(StoreUnavailable.class);
    assertThatThrownBy(
            () ->
                new JdbcCallContexts(replica)
                    .gather(token, Instance.Ref.of(SERVICE), Instant.now()))
        .isInstanceOf(StoreUnavailable.class);
  }

  private static ChangeFeed feed(String url, AtomicInteger renewals) {
    String primary =
        url.contains(",") ? url + "&targetServerType=primary&hostRecheckSeconds=0" : url;
    return new JdbcChangeFeed(
        new Database(new DriverManagerDataSource(primary)),
        new RevocationTimes(System::nanoTime),
        renewals::incrementAndGet);
  }

  private void lend(Api alice) {
    nodes.service(alice, SERVICE);
    alice.patch(PATH, Map.of("description", "0")).isStatus(200);
    alice.share(SERVICE, "bob", "reader").isStatus(201);
  }

  /**
   * Waits until both nodes have served calls, and until changes and revocations were acknowledged.
   */
  private void awaitProgress() {
    int one = passed.get(0).get();
    int other = passed.get(1).get();
    long written = lastWritten.get();
    long revoked = revocations.get();
    Eventually.holds(
        PATIENCE,
        () ->
            passed.get(0).get() > one + 20
                && passed.get(1).get() > other + 20
                && lastWritten.get() > written + 2
                && revocations.get() > revoked + 2);
  }

  private void call(Api bob, int node) {
    while (!over.get()) {
      int status = bob.models(SERVICE).status();
      calls.add(status);
      if (status == 200) {
        passed.get(node).incrementAndGet();
      }
      Eventually.pause();
    }
  }

  private void write(Api alice) {
    for (long number = 1; !over.get(); number++) {
      int status = alice.patch(PATH, Map.of("description", Long.toString(number))).status();
      writes.add(status);
      if (status == 200) {
        lastWritten.set(number);
      }
      Eventually.pause();
    }
  }

  /**
   * Access whose revocation was acknowledged at one node is refused at the other node 50 ms later.
   */
  private void lendAndRevoke(Api alice, Api carol) {
    String share = PATH + "/shares/carol";
    while (!over.get()) {
      int lent = alice.share(SERVICE, "carol", "reader").status();
      if (lent == 200 || lent == 201) {
        int unused = carol.models(SERVICE).status();
        if (alice.delete(share).status() == 204) {
          NodesAt.awaitBound();
          for (int n = 0; n < 3; n++) {
            if (carol.models(SERVICE).status() == 200) {
              passedAfterRevocation.incrementAndGet();
            }
          }
          revocations.incrementAndGet();
        }
      }
      Eventually.pause();
    }
  }
}
