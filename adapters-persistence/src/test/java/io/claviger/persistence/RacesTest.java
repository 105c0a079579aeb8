package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.claviger.application.activity.port.ActivityStore.AccountActivity;
import io.claviger.application.activity.port.ActivityStore.Used;
import io.claviger.application.builders.ADefinition;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AStandard;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUsage;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.connections.port.ConnectionStore.ConnectionCounts;
import io.claviger.application.connections.port.ConnectionStore.NodeConnection;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.ListedProvider;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.ProviderContent;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.WireFormat;
import io.claviger.testkit.Race;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** 16 threads change the same rows at once, and the database decides. */
final class RacesTest {
  private static final int MANY = 16;
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final SecretChange KEEP = new SecretChange.Keep();
  private static final UUID NODE = new UUID(1, 1);

  @BeforeEach
  void empty() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
  }

  @Test
  void one_of_many_takes_a_handle_for_an_instance() {
    User alice = user("alice");

    List<String> outcomes =
        outcomes(n -> PORTS.instances().insert(instance(alice, "wanted"), KEEP, KEEP));

    assertThat(outcomes).containsOnlyOnce("won").filteredOn("TAKEN"::equals).hasSize(MANY - 1);
  }

  @Test
  void one_of_many_takes_a_handle_for_a_definition() {
    User alice = user("alice");

    List<String> outcomes =
        outcomes(n -> PORTS.definitions().insert(ADefinition.of(alice, "wanted").build()));

    assertThat(outcomes).containsOnlyOnce("won").filteredOn("TAKEN"::equals).hasSize(MANY - 1);
  }

  @Test
  void one_of_many_gives_a_user_their_share() {
    User alice = user("alice");
    User bob = user("bob");
    Instance instance = stored(instance(alice, "i"));

    List<String> outcomes =
        outcomes(n -> PORTS.shares().insert(instance.id(), AShare.with(bob).build(), alice.id()));

    assertThat(outcomes).containsOnlyOnce("won").filteredOn("TAKEN"::equals).hasSize(MANY - 1);
  }

  /** Nodes report every second while somebody looks. */
  @Test
  void a_report_of_running_calls_waits_for_nobody_and_leaves_out_who_is_being_changed() {
    User alice = user("alice");
    User bob = user("bob");
    Instance service = stored(instance(alice, "i"));
    List<AccountActivity> calls =
        List.of(running(AUsage.of(alice, service)), running(AUsage.of(bob, service)));
    PORTS.activity().report(NODE, calls);

    String told =
        PORTS
            .transactions()
            .inTransaction(
                () -> {
                  assertThat(PORTS.users().lock(bob.handle())).isPresent();
                  PORTS.users().delete(bob.id());
                  return CompletableFuture.supplyAsync(
                          () -> {
                            PORTS.activity().report(NODE, calls);
                            return "told";
                          },
                          Thread::startVirtualThread)
                      .completeOnTimeout("waits", 5, TimeUnit.SECONDS)
                      .join();
                });

    assertThat(told).isEqualTo("told");
    assertThat(PORTS.sql().sql("select user_id from current_activity").query(UUID.class).list())
        .containsExactly(alice.id().value());
  }

  /** Nodes report several times a second while WebSockets are in use. */
  @Test
  void a_report_of_open_connections_waits_for_nobody_and_leaves_out_whose_service_is_deleted() {
    User alice = user("alice");
    Instance kept = stored(instance(alice, "kept"));
    Instance deleted = stored(instance(alice, "deleted"));
    List<NodeConnection> known = List.of(connection(1, alice, kept), connection(2, alice, deleted));
    List<NodeConnection> all =
        List.of(
            known.get(0), known.get(1), connection(3, alice, kept), connection(4, alice, deleted));
    assertThat(PORTS.connections().report(NODE, "one", known, List.of())).isEmpty();

    String told =
        PORTS
            .transactions()
            .inTransaction(
                () -> {
                  PORTS.instances().delete(deleted.id());
                  return CompletableFuture.supplyAsync(
                          () -> {
                            Set<UUID> unused =
                                PORTS
                                    .connections()
                                    .report(NODE, "one", all, List.of(new UUID(0, 2)));
                            return "told";
                          },
                          Thread::startVirtualThread)
                      .completeOnTimeout("waits", 5, TimeUnit.SECONDS)
                      .join();
                });

    assertThat(told).isEqualTo("told");
    assertThat(
            PORTS.sql().sql("select id from open_connections order by id").query(UUID.class).list())
        .containsExactly(new UUID(0, 1), new UUID(0, 3));
  }

  private static NodeConnection connection(int id, User caller, Instance service) {
    return new NodeConnection(
        new UUID(0, id),
        AUsage.of(caller, service).account(),
        Duration.ofSeconds(id),
        new ConnectionCounts(1, 1, 1, 1));
  }

  private static AccountActivity running(AUsage call) {
    return new AccountActivity(call.account(), 1, new Used(0, 0, 0, 0, Optional.empty()));
  }

  @Test
  void the_environments_token_saved_by_many_nodes_is_one() {
    User root = user("root");
    TokenHash hash = new TokenHash(new byte[32]);

    List<String> outcomes =
        outcomes(
            n ->
                PORTS
                    .accessTokens()
                    .save(AToken.of(root).origin(AccessToken.Origin.ENVIRONMENT).build(), hash));

    assertThat(outcomes).containsOnly("won");
    assertThat(PORTS.accessTokens().listOf(root.id(), Optional.empty(), 10)).hasSize(1);
  }

  @Test
  void of_many_administrators_who_step_down_one_remains() {
    List<User> administrators =
        IntStream.range(0, MANY)
            .mapToObj(n -> PORTS.stored(AUser.called("admin-" + n).administrator().build()))
            .toList();

    List<Boolean> steppedDown =
        Race.of(
            MANY,
            n ->
                PORTS
                    .transactions()
                    .inTransaction(
                        () -> {
                          if (PORTS.users().lockAdministrators().size() == 1) {
                            return false;
                          }
                          User me = administrators.get(n);
                          PORTS.users().update(me.withAdministrator(false, Seeds.SEEDED_AT));
                          return true;
                        }),
            1);

    assertThat(steppedDown).containsOnlyOnce(false);
    assertThat(administrators()).isEqualTo(1);
  }

  @Test
  void of_nodes_that_start_with_different_keys_on_an_empty_database_one_is_first() {
    List<Boolean> first =
        Race.of(
            MANY,
            n -> {
              InMemorySealer sealer = InMemorySealer.withOneKey();
              return PORTS
                  .transactions()
                  .inTransaction(
                      () -> {
                        if (!PORTS.encryptionKeys().lockAll().isEmpty()) {
                          return false;
                        }
                        PORTS
                            .encryptionKeys()
                            .add(sealer.sealingKey(), sealer.sentinel(sealer.sealingKey()));
                        return true;
                      });
            },
            1);

    assertThat(first).containsOnlyOnce(true);
    assertThat(PORTS.encryptionKeys().all()).hasSize(1);
  }

  @Test
  void a_standard_is_deleted_or_used_never_both() {
    User alice = user("alice");
    for (int round = 0; round < 5; round++) {
      String standard = "house-" + round;
      PORTS.apiStandards().insert(AStandard.called(standard).build());

      List<String> outcomes =
          outcomes(
              n -> {
                if (n == 0) {
                  PORTS.apiStandards().delete(new Handle(standard));
                } else {
                  PORTS.instances().insert(using(alice, standard, standard + "." + n), KEEP, KEEP);
                }
              });

      boolean deleted = PORTS.apiStandards().find(new Handle(standard)).isEmpty();
      assertThat(outcomes).filteredOn("won"::equals).hasSize(deleted ? 1 : MANY - 1);
      assertThat(PORTS.apiStandards().isInUse(new Handle(standard))).isEqualTo(!deleted);
    }
  }

  @Test
  void a_provider_is_deleted_or_used_never_both() {
    User alice = user("alice");
    for (int round = 0; round < 5; round++) {
      Handle house = new Handle("house-" + round);
      Instant at = Instant.parse("2026-11-23T13:00:00Z");
      Provider provider = Provider.of(house.value(), ProviderContent.of(WireFormat.OPENAI));
      PORTS.providers().insert(new ListedProvider(provider, true, 1, at, at));

      List<String> outcomes =
          outcomes(
              n -> {
                if (n == 0) {
                  PORTS.providers().delete(house);
                } else {
                  PORTS
                      .instances()
                      .insert(
                          AnInstance.of(alice, house + "." + n).provider(provider).build(),
                          KEEP,
                          KEEP);
                }
              });

      boolean deleted = PORTS.providers().find(house).isEmpty();
      assertThat(outcomes).filteredOn("won"::equals).hasSize(deleted ? 1 : MANY - 1);
    }
  }

  @Test
  void what_a_co_owner_gives_ends_with_their_share_however_the_two_meet() {
    User alice = user("alice");
    User bob = user("bob");
    List<User> guests = IntStream.range(0, MANY).mapToObj(n -> user("guest-" + n)).toList();
    Instance instance = stored(instance(alice, "i"));
    PORTS.shares().insert(instance.id(), AShare.with(bob).role(Role.OWNER).build(), alice.id());

    List<String> outcomes =
        outcomes(
            n -> {
              if (n == 0) {
                boolean unused = PORTS.shares().delete(instance.id(), bob.id());
              } else {
                PORTS
                    .shares()
                    .insert(
                        instance.id(), AShare.with(guests.get(n)).givenVia(bob).build(), bob.id());
              }
            });

    assertThat(outcomes).containsAnyOf("won").isSubsetOf("won", "REFERENCE_GONE");
    assertThat(PORTS.shares().listOf(instance.id(), Optional.empty(), 50)).isEmpty();
  }

  @Test
  void nothing_is_left_to_a_user_who_is_deleted_meanwhile() {
    User alice = user("alice");

    List<String> outcomes =
        outcomes(
            n -> {
              if (n == 0) {
                PORTS.users().delete(alice.id());
              } else {
                PORTS.instances().insert(instance(alice, "i" + n), KEEP, KEEP);
              }
            });

    assertThat(outcomes).isSubsetOf("won", "REFERENCE_GONE");
    assertThat(PORTS.sql().sql("select count(*) from instances").query(Long.class).single())
        .isZero();
  }

  @Test
  void a_user_made_and_deleted_in_one_transaction_leaves_nothing() {
    boolean gone =
        PORTS
            .transactions()
            .inTransaction(
                () -> {
                  User alice = user("alice");
                  User bob = user("bob");
                  User carol = user("carol");
                  Instance own = stored(instance(alice, "own"));
                  Instance shared = stored(instance(carol, "shared"));
                  PORTS
                      .shares()
                      .insert(shared.id(), AShare.with(alice).role(Role.OWNER).build(), carol.id());
                  PORTS
                      .shares()
                      .insert(shared.id(), AShare.with(bob).givenVia(alice).build(), alice.id());
                  PORTS.shares().insert(own.id(), AShare.with(bob).build(), alice.id());
                  PORTS.users().delete(alice.id());
                  return PORTS.users().find(alice.handle()).isEmpty();
                });

    assertThat(gone).isTrue();
    assertThat(PORTS.sql().sql("select count(*) from shares").query(Long.class).single()).isZero();
  }

  @Test
  void a_deadlock_is_a_race_lost() {
    User alice = user("alice");
    User bob = user("bob");
    CyclicBarrier bothHoldOne = new CyclicBarrier(2);

    List<String> outcomes =
        Race.of(
            2,
            n -> {
              Handle first = n == 0 ? alice.handle() : bob.handle();
              Handle second = n == 0 ? bob.handle() : alice.handle();
              return outcome(
                  () ->
                      PORTS
                          .transactions()
                          .inTransaction(
                              () -> {
                                Object held = PORTS.users().lock(first);
                                await(bothHoldOne);
                                return List.of(held, PORTS.users().lock(second));
                              }));
            },
            1);

    assertThat(outcomes).containsExactlyInAnyOrder("won", "NOT_SERIALIZABLE");
  }

  @Test
  void a_reference_to_a_locked_standard_waits() {
    User alice = user("alice");
    PORTS.apiStandards().insert(AStandard.called("house").build());

    SQLException refused =
        PORTS
            .transactions()
            .inTransaction(
                () -> {
                  Object unused = PORTS.apiStandards().lock(new Handle("house")).orElseThrow();
                  return catchThrowableOfType(
                      SQLException.class, () -> referToHouseWithoutWaiting(alice));
                });

    assertThat(refused.getSQLState()).isEqualTo("55P03");
  }

  /** On a connection of its own, and so beside the transaction under way. */
  private static void referToHouseWithoutWaiting(User owner) throws SQLException {
    try (Connection connection = PORTS.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      boolean set = statement.execute("set local lock_timeout = '50ms'");
      int inserted =
          statement.executeUpdate(
              """
              insert into definitions (
                id, owner_id, owner_handle, handle, description, provider, api_standard, endpoint,
                model, public, version, created_at, updated_at)
              values (gen_random_uuid(), '%s', '%s', 'd', '', 'openai', 'house',
                'http://localhost', 'm', false, 1, now(), now())
              """
                  .formatted(owner.id().value(), owner.handle()));
      connection.rollback();
      throw new IllegalStateException("not refused: " + set + inserted);
    }
  }

  /**
   * The outcome of each thread: won, the way the race was lost, or that the row is still in use.
   */
  private static List<String> outcomes(IntConsumer attempt) {
    return Race.of(MANY, n -> outcome(() -> attempt.accept(n)), 1);
  }

  private static String outcome(Runnable attempt) {
    try {
      attempt.run();
      return "won";
    } catch (ConcurrencyConflict e) {
      return e.how().name();
    } catch (StillReferenced e) {
      return "STILL_IN_USE";
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      int unused = barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static int administrators() {
    return PORTS.transactions().inTransaction(() -> PORTS.users().lockAdministrators().size());
  }

  private static User user(String handle) {
    return PORTS.stored(AUser.called(handle).build());
  }

  private static Instance stored(Instance instance) {
    PORTS.instances().insert(instance, KEEP, KEEP);
    return instance;
  }

  private static Instance instance(User owner, String handle) {
    return AnInstance.of(owner, handle).build();
  }

  private static Instance using(User owner, String standard, String handle) {
    return AnInstance.of(owner, handle).apiStandard(standard, KeyPlacement.BEARER).build();
  }
}
