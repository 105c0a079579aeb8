package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.DONE;
import static io.claviger.persistence.ConcurrentAttempts.code;
import static io.claviger.persistence.ConcurrentAttempts.manyBehind;
import static io.claviger.persistence.ConcurrentAttempts.oneAgainstMany;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.instances.InstanceWriteBuilder;
import io.claviger.application.objects.ServiceObjects;
import io.claviger.application.objects.port.ObjectLedger.NewObject;
import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.application.objects.port.StoredObjectStore.Sharing;
import io.claviger.application.objects.port.StoredObjectStore.Terms;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectCaller;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectQuota;
import io.claviger.domain.objects.SharedObject;
import io.claviger.domain.transfers.Transfer;
import io.claviger.persistence.objects.JdbcObjectLedger;
import io.claviger.persistence.objects.JdbcProviderAccounts;
import io.claviger.persistence.objects.JdbcStoredObjects;
import io.claviger.persistence.shared.UuidV7Ids;
import io.claviger.testkit.Race;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is stored in an account, while the key of its service is replaced. */
final class AccountRacesTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final RacingUseCases USE = new RacingUseCases(PORTS);
  private final JdbcObjectLedger ledger =
      new JdbcObjectLedger(
          PORTS.database(), new UuidV7Ids(InstantSource.system()), InstantSource.system());
  private final JdbcStoredObjects stored = new JdbcStoredObjects(PORTS.database());
  private final User alice = PORTS.storedFirst(AUser.called("alice").build());
  private final User bob = PORTS.stored(AUser.called("bob").build());
  private final Instance service = PORTS.stored(AnInstance.of(alice, "s").build());
  private int moves;

  @Race.Repeated
  void nothing_that_a_former_key_made_is_held_in_another_account() {
    assertThat(record("file-0", 1)).isEqualTo(Recorded.RECORDED);
    assertThat(share("file-shared")).isEqualTo(Sharing.CREATED);

    List<String> outcomes =
        oneAgainstMany(() -> move(Optional.of(false)), n -> record("file-" + n, 1).toString());

    assertThat(outcomes.getFirst()).isEqualTo(DONE);
    assertThat(outcomes.subList(1, outcomes.size()))
        .allMatch(outcome -> outcome.equals("RECORDED") || outcome.equals("GONE"));
    assertThat(held()).isEmpty();
    assertThat(stored.listShared(service.id(), Optional.empty(), 5)).isEmpty();
    assertThat(counted()).isEqualTo(0);
    SharedQuotaTest.assertCounted(PORTS.sql());
    assertThat(record("file-late", 1)).isEqualTo(Recorded.GONE);
    assertThat(record("file-0", 2)).isEqualTo(Recorded.RECORDED);
    assertThat(held()).containsExactly("file-0");
  }

  @Race.Repeated
  void an_answer_is_demanded_or_nothing_is_left_over() {
    List<String> outcomes =
        oneAgainstMany(() -> move(Optional.empty()), n -> record("file-" + n, 1).toString());

    long recorded = outcomes.stream().filter("RECORDED"::equals).count();
    if (outcomes.getFirst().equals(DONE)) {
      assertThat(recorded).isZero();
      assertThat(held()).isEmpty();
    } else {
      assertThat(outcomes.getFirst()).isEqualTo("required");
      assertThat(recorded).isEqualTo(outcomes.size() - 1);
    }
  }

  @Test
  void the_same_account_keeps_what_is_in_it() {
    assertThat(record("file-1", 1)).isEqualTo(Recorded.RECORDED);
    assertThat(share("file-2")).isEqualTo(Sharing.CREATED);

    assertThat(move(Optional.empty())).isEqualTo("required");
    assertThat(move(Optional.of(true))).isEqualTo(DONE);

    assertThat(held()).containsExactly("file-1");
    assertThat(stored.listShared(service.id(), Optional.empty(), 5)).hasSize(1);
    assertThat(record("file-3", 1)).isEqualTo(Recorded.RECORDED);
  }

  @Test
  void what_still_had_to_be_deleted_in_a_former_account_is_not_tried_in_the_next() {
    assertThat(record("file-1", 1)).isEqualTo(Recorded.RECORDED);
    assertThat(stored.end(service.id(), name("file-1"), Optional.empty())).isTrue();

    assertThat(move(Optional.empty())).isEqualTo("required");
    assertThat(move(Optional.of(false))).isEqualTo(DONE);

    assertThat(
            PORTS
                .sql()
                .sql("select count(*) from provider_objects where retry_at is not null")
                .query(Long.class)
                .single())
        .isZero();
  }

  @Test
  void one_line_tells_all_nodes_of_another_account() {
    for (int i = 0; i < 3; i++) {
      assertThat(record("file-" + i, 1)).isEqualTo(Recorded.RECORDED);
    }
    assertThat(changes("subject = '%s'".formatted(service.id().value()))).isZero();

    assertThat(move(Optional.of(false))).isEqualTo(DONE);

    assertThat(changes("subject = '%s'".formatted(service.id().value()))).isEqualTo(1);
    assertThat(changes("subject in (select o.subject from provider_objects o)")).isZero();
  }

  private static long changes(String which) {
    return PORTS
        .sql()
        .sql("select count(*) from changes where " + which)
        .query(Long.class)
        .single();
  }

  @Test
  void a_service_that_is_being_changed_is_called_locked() {
    assertThat(waitOfRecords()).isEqualTo("lock_timeout=1min"); // 2 s in other databases
    recordsWaitAtMost("100ms");
    ConcurrencyConflict refused =
        PORTS
            .transactions()
            .inTransaction(
                () -> {
                  int unused = new JdbcProviderAccounts(PORTS.database()).change(service.id());
                  return CompletableFuture.supplyAsync(
                          () ->
                              catchThrowableOfType(
                                  ConcurrencyConflict.class, () -> record("file-1", 1)),
                          Thread::startVirtualThread)
                      .join();
                });
    recordsWaitAtMost("1min");

    assertThat(refused.how()).isEqualTo(ConcurrencyConflict.How.LOCKED);
  }

  /** {@link EmptiedDatabases} lets those that waited for two seconds wait for a minute. */
  private static String waitOfRecords() {
    return PORTS
        .sql()
        .sql("select unnest(proconfig) from pg_proc where proname = 'record_objects_of_accounts'")
        .query(String.class)
        .single();
  }

  private static void recordsWaitAtMost(String time) {
    int unused =
        PORTS
            .sql()
            .sql(
                "alter function record_objects_of_accounts set lock_timeout = '%s'".formatted(time))
            .update();
  }

  /** Who owns the service then sees what everybody stored, the former owner too. */
  @Test
  void a_transfer_moves_what_is_stored_with_the_service() {
    ServiceObjects objects =
        ServiceObjects.of(PORTS.instances(), stored, USE.projects, RacingUseCases.changes(PORTS));
    User carol = PORTS.stored(AUser.called("carol").build());
    Transferring transferring = new Transferring(PORTS, USE);
    assertThat(record("file-of-bob", 1)).isEqualTo(Recorded.RECORDED);
    assertThat(share("file-shared")).isEqualTo(Sharing.CREATED);

    assertThat(transferring.accept(carol, transferring.offered(alice, carol, List.of("alice/s"))))
        .isEqualTo(DONE);

    Instance.Ref moved = Instance.Ref.of("carol/s");
    PageRequest<Long> first = new PageRequest<>(Optional.empty(), 5);
    assertThat(
            objects
                .list(RacingUseCases.as(carol), moved, Optional.empty(), Optional.empty(), first)
                .orThrow()
                .items())
        .singleElement()
        .satisfies(
            listed -> {
              assertThat(listed.service()).contains(moved);
              assertThat(listed.holder()).contains("bob");
            });
    assertThat(objects.findShared(RacingUseCases.as(carol), moved, name("file-shared")).orThrow())
        .isNotNull();
    assertThat(
            code(
                objects.list(
                    RacingUseCases.as(alice), moved, Optional.empty(), Optional.empty(), first)))
        .isEqualTo("not_found");
    assertThat(record("file-2", 1)).isEqualTo(Recorded.RECORDED);
    assertThat(code(objects.delete(RacingUseCases.as(carol), moved, name("file-of-bob"))))
        .isEqualTo(DONE);
  }

  /** The right is judged again after the wait for the transfer. */
  @Race.Repeated
  void who_waited_for_a_transfer_no_longer_decides_about_what_is_stored() {
    ServiceObjects objects =
        ServiceObjects.of(PORTS.instances(), stored, USE.projects, RacingUseCases.changes(PORTS));
    User carol = PORTS.stored(AUser.called("carol").build());
    Transferring transferring = new Transferring(PORTS, USE);
    Transfer offer = transferring.offered(alice, carol, List.of("alice/s"));
    assertThat(record("file-of-bob", 1)).isEqualTo(Recorded.RECORDED);
    assertThat(share("file-shared")).isEqualTo(Sharing.CREATED);
    Actor giver = RacingUseCases.as(alice);
    Terms all = new Terms(SharedObject.Access.READ, Optional.empty(), Field.absent());

    List<String> outcomes =
        manyBehind(
            PORTS,
            () -> assertThat(transferring.accept(carol, offer)).isEqualTo(DONE),
            n ->
                switch (n % 4) {
                  case 0 -> code(objects.share(giver, service.ref(), name("file-of-nobody"), all));
                  case 1 -> code(objects.unshare(giver, service.ref(), name("file-shared")));
                  case 2 -> code(objects.delete(giver, service.ref(), name("file-of-bob")));
                  default -> code(objects.leave(giver, service.ref(), name("file-of-bob")));
                });

    assertThat(outcomes).containsOnly("not_found");
    assertThat(held()).containsExactly("file-of-bob");
    assertThat(stored.listShared(service.id(), Optional.empty(), 5))
        .extracting(lent -> lent.name().id())
        .containsExactly("file-shared");
  }

  @Test
  void objects_of_several_services_are_recorded_each_in_its_account() {
    Instance other = PORTS.stored(AnInstance.of(alice, "other").build());
    assertThat(move(Optional.of(false))).isEqualTo(DONE);

    assertThat(
            ledger.record(
                List.of(
                    made(service, "a", 1),
                    made(other, "b", 1),
                    made(service, "c", 2),
                    made(other, "d", 2))))
        .containsExactly(Recorded.GONE, Recorded.RECORDED, Recorded.RECORDED, Recorded.GONE);
  }

  /** Names another endpoint, which changes the account as another key does. */
  private String move(Optional<Boolean> same) {
    moves++;
    InstanceWriteBuilder write =
        InstanceWriteBuilder.of().endpoint("https://" + moves + ".example.com/v1");
    same.ifPresent(write::sameAccount);
    return code(
        USE.instances.patch(
            RacingUseCases.as(alice), service.ref(), Precondition.NONE, write.command()));
  }

  private Sharing share(String id) {
    return stored.share(
        service.id(),
        name(id),
        new Terms(SharedObject.Access.REFER, Optional.empty(), Field.absent()),
        alice.id(),
        true,
        Instant.now());
  }

  private Recorded record(String id, int account) {
    return ledger.record(List.of(made(service, id, account))).getFirst();
  }

  private NewObject made(Instance in, String id, int account) {
    UUID user = bob.id().value();
    return new NewObject(
        in.id(),
        name(id),
        new ObjectCaller(
            user,
            ObjectHolder.user(user),
            false,
            false,
            user,
            Optional.empty(),
            UUID.randomUUID(),
            false,
            account),
        ObjectQuota.DEFAULT,
        Optional.empty(),
        0,
        Optional.empty(),
        Optional.empty());
  }

  private static ObjectName name(String id) {
    return new ObjectName(ObjectKind.FILES, id);
  }

  private List<String> held() {
    return PORTS.storedObjects(service, Optional.empty()).stream()
        .map(each -> each.object().name().id())
        .toList();
  }

  private long counted() {
    return PORTS
        .sql()
        .sql("select coalesce(sum(objects), 0) from object_holdings")
        .query(Long.class)
        .single();
  }
}
