package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.MANY;
import static io.claviger.persistence.ConcurrentAttempts.count;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.batches.port.BatchLedger.SettledBatch;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.instances.port.ProviderAccounts;
import io.claviger.application.objects.HeldObjects;
import io.claviger.application.objects.HeldObjects.ObjectUse;
import io.claviger.application.objects.ObjectUses;
import io.claviger.application.objects.RememberedObjects;
import io.claviger.application.objects.port.ObjectLedger;
import io.claviger.application.objects.port.ObjectLedger.Ended;
import io.claviger.application.objects.port.ObjectLedger.NewObject;
import io.claviger.application.objects.port.ObjectLedger.ObjectSeeker;
import io.claviger.application.objects.port.ObjectLedger.Origin;
import io.claviger.application.objects.port.ObjectLedger.ReadFile;
import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.application.objects.port.ObjectLedger.Stated;
import io.claviger.application.objects.port.ObjectLedger.Wanted;
import io.claviger.application.objects.port.StoredObjectStore;
import io.claviger.application.objects.port.StoredObjectStore.ListedObject;
import io.claviger.application.objects.port.StoredObjectStore.Places;
import io.claviger.application.objects.port.StoredObjectStore.Removal;
import io.claviger.application.objects.port.StoredObjectStore.Sharing;
import io.claviger.application.objects.port.StoredObjectStore.Terms;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.batches.BatchRefusal;
import io.claviger.domain.batches.BatchTools;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.batches.ModelUse;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.EndReason;
import io.claviger.domain.objects.Isolation.OwnObjects;
import io.claviger.domain.objects.ObjectAction;
import io.claviger.domain.objects.ObjectCaller;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectQuota;
import io.claviger.domain.objects.ObjectState;
import io.claviger.domain.objects.ProviderObject;
import io.claviger.domain.objects.SharedObject;
import io.claviger.domain.projects.Project;
import io.claviger.domain.routing.ObjectRouter.Whereabouts;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.persistence.batches.JdbcBatchLedger;
import io.claviger.persistence.objects.JdbcObjectLedger;
import io.claviger.persistence.objects.JdbcStoredObjects;
import io.claviger.persistence.shared.UuidV7Ids;
import io.claviger.persistence.usage.JdbcUsageBooks;
import io.claviger.testkit.Race;
import io.claviger.testkit.RecordCopy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who holds which objects, and 16 threads that make, list and end them. */
@SuppressWarnings("NullAway.Init") // set before each test
final class ObjectLedgerTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final ObjectQuota FIVE = new ObjectQuota(5, 1_000);
  private static final Places TEN = new Places(10, 10, 10);
  private final JdbcObjectLedger ledger =
      new JdbcObjectLedger(
          PORTS.database(), new UuidV7Ids(InstantSource.system()), InstantSource.system());
  private final JdbcStoredObjects stored = new JdbcStoredObjects(PORTS.database());
  private final AtomicBoolean fresh = new AtomicBoolean();
  private final RememberedObjects remembered = new RememberedObjects(fresh::get);
  private final ObjectUses uses = new ObjectUses(stored);
  private final HeldObjects held = HeldObjects.of(ledger, remembered, uses, InstantSource.system());
  private User alice;
  private User bob;
  private User eve;
  private AccessToken token;
  private Instance service;

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    alice = PORTS.stored(AUser.called("alice").build());
    bob = PORTS.stored(AUser.called("bob").build());
    eve = PORTS.stored(AUser.called("eve").build());
    token = AToken.of(bob).build();
    PORTS.accessTokens().save(token, new TokenHash(new byte[32]));
    service = PORTS.stored(AnInstance.of(alice, "s").build());
  }

  @Test
  void what_was_found_in_a_file_stays_with_its_row() {
    BatchVerdict clean =
        new BatchVerdict(
            3,
            "responses",
            List.of(
                new ModelUse("m", 1, 2, 9, 4, 3, 5, 6, 8, 7, 10, 11, 12, 13, BatchTools.NONE)
                    .with(
                        new BatchTools(
                            Map.of(FeeKind.WEB_SEARCH, 1, FeeKind.CODE_INTERPRETER, 2),
                            3,
                            FeesUsed.of(new FeePiece(FeeKind.WEB_SEARCH, "preview/low"), 2)
                                .plus(FeesUsed.of(FeeKind.CODE_INTERPRETER, 1)))),
                ModelUse.named("o", 3)),
            OptionalInt.of(2),
            Optional.empty());
    BatchVerdict faulty = BatchVerdict.of(new BatchRefusal(4, BatchRefusal.Reason.STREAM));
    assertThat(record(bob, "file-1")).isEqualTo(Recorded.RECORDED);
    assertThat(record(bob, "file-2")).isEqualTo(Recorded.RECORDED);
    Instance other = PORTS.stored(AnInstance.of(alice, "other").build());
    assertThat(record(in(other, made(bob, "file-1", Optional.empty()))))
        .isEqualTo(Recorded.RECORDED);
    assertThat(record(made(bob, ObjectKind.BATCHES, "file-1", FIVE, 10)))
        .isEqualTo(Recorded.RECORDED);
    assertThat(held.verdict(service.id(), "file-1")).isEmpty();

    keep("file-1", clean);
    keep("file-2", faulty);
    keep("file-2", clean);
    keep("file-3", clean);

    assertThat(held.verdict(service.id(), "file-1")).contains(clean);
    assertThat(held.verdict(other.id(), "file-1")).isEmpty();
    assertThat(held.verdict(service.id(), "file-2")).contains(faulty);
    assertThat(held.verdict(service.id(), "file-3")).isEmpty();
    assertThat(PORTS.sql().sql("update batch_files set tools = '{}'").update()).isEqualTo(2);
    assertThat(held.verdict(service.id(), "file-1").orElseThrow().models())
        .extracting(ModelUse::tools)
        .containsOnly(BatchTools.UNREAD);
    ledger.end(
        List.of(
            new Ended(
                service.id(),
                new ObjectName(ObjectKind.FILES, "file-1"),
                ObjectState.DELETED,
                Optional.empty())));
    assertThat(record(eve, "file-1")).isEqualTo(Recorded.RECORDED);
    assertThat(held.verdict(service.id(), "file-1")).isEmpty();
  }

  private void keep(String file, BatchVerdict verdict) {
    held.keepVerdict(new ReadFile(service.id(), file, verdict)).toCompletableFuture().join();
  }

  @Test
  void when_an_object_was_last_used_is_on_record_to_the_minute() {
    record(bob, "file-1");
    record(bob, "file-2");
    assertThat(mayRead(eve, "file-2")).isFalse();
    assertThat(mayRead(bob, "file-1")).isTrue();
    assertThat(lastUses()).containsExactly(Optional.empty(), Optional.empty());

    uses.flush();

    Optional<Instant> first = lastUses().getLast();
    assertThat(first).isPresent();
    assertThat(lastUses().getFirst()).isEmpty();
    assertThat(mayRead(bob, "file-1")).isTrue();
    uses.flush();
    assertThat(lastUses().getLast()).isEqualTo(first);
    assertThat(
            PORTS
                .sql()
                .sql(
                    "update provider_objects set last_used_at = last_used_at - interval '1 minute'")
                .update())
        .isEqualTo(2);
    uses.flush();
    assertThat(lastUses().getLast().orElseThrow()).isBefore(first.orElseThrow());
    assertThat(mayRead(bob, "file-1")).isTrue();
    uses.flush();
    assertThat(lastUses().getLast().orElseThrow()).isAfterOrEqualTo(first.orElseThrow());
  }

  /** Such an id can't be compressed, and yet has to fit into an index. */
  @Test
  void an_id_may_be_as_long_as_a_name_allows() {
    String id =
        Stream.generate(() -> UUID.randomUUID().toString())
            .limit(ObjectName.LONGEST)
            .collect(Collectors.joining())
            .substring(0, ObjectName.LONGEST);
    assertThat(record(bob, id)).isEqualTo(Recorded.RECORDED);

    assertThat(mayRead(bob, id)).isTrue();
    assertThat(
            PORTS
                .sql()
                .sql("update provider_objects set parent = object_id, result_of = object_id")
                .update())
        .isEqualTo(1);
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    insert into shared_objects (
                      service_id, kind, object_id, access, for_all, by_id, shared_at)
                    values (:service, 'files', :id, 'read', true, :by, now())
                    """)
                .param("service", service.id().value())
                .param("id", id)
                .param("by", alice.id().value())
                .update())
        .isEqualTo(1);
  }

  @Test
  void a_container_leaves_a_day_after_its_last_use_and_makes_room() {
    ObjectName container = new ObjectName(ObjectKind.CONTAINERS, "cntr_1");
    ObjectName part = new ObjectName(ObjectKind.CONTAINERS, "cfile_1");
    ObjectCaller maker = caller(bob, holder(bob), false);
    Instant now = Instant.now();
    record(made(maker, container));
    record(made(maker, part).expiring(now.plusSeconds(86_400)));
    assertThat(
            PORTS
                .sql()
                .sql("update provider_objects set parent = 'cntr_1' where object_id = 'cfile_1'")
                .update())
        .isEqualTo(1);
    assertThat(expiry(container)).isBetween(now.plusSeconds(86_000), now.plusSeconds(87_000));
    for (long aged : new long[] {80_000, 40_000}) {
      assertThat(
              PORTS
                  .sql()
                  .sql(
                      """
                      update provider_objects set last_used_at = null,
                        expires_at = expires_at - make_interval(secs => :aged)
                      """)
                  .param("aged", aged)
                  .update())
          .isEqualTo(2);
      // An answer states it once more, because a call has used it without naming it.
      assertThat(record(made(maker, container))).isEqualTo(Recorded.RECORDED);
      uses.flush();
      long left = aged == 80_000 ? 86_000 : 46_000;
      assertThat(expiry(container)).isBetween(now.plusSeconds(left), now.plusSeconds(left + 999));
      assertThat(expiry(part)).isBetween(now.plusSeconds(left), now.plusSeconds(left + 999));
    }

    age(50_000);
    assertThat(stored.sweep()).isEqualTo(2);

    assertThat(rows("state = 'expired' and retry_at is null")).isEqualTo(2);
    assertThat(holding(bob)).isEqualTo("0 0 0");
  }

  /** Makes all objects older, as if this time had passed. */
  private static void age(long seconds) {
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    update provider_objects
                    set made_at = made_at - s.age, expires_at = expires_at - s.age,
                      ended_at = ended_at - s.age, retry_at = retry_at - s.age,
                      retry_until = retry_until - s.age
                    from (select make_interval(secs => :seconds) as age) s
                    """)
                .param("seconds", seconds)
                .update())
        .isPositive();
  }

  private Instant expiry(ObjectName name) {
    return ledger
        .find(service.id(), bob.id(), List.of(name))
        .getFirst()
        .object()
        .orElseThrow()
        .expiresAt()
        .orElseThrow();
  }

  /** Of the latest object first. */
  private List<Optional<Instant>> lastUses() {
    return PORTS.storedObjects(service, Optional.empty()).stream()
        .map(ListedObject::lastUsedAt)
        .toList();
  }

  @Test
  void an_object_expires_when_the_provider_says_so_last() {
    Instant soon = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.MILLIS);
    Instant later = soon.plusSeconds(3_600);
    record(made(bob, "file-1", Optional.of(soon)));
    fresh.set(true);
    assertThat(mayRead(bob, "file-1")).isTrue();
    ObjectCaller caller = caller(bob, holder(bob), false);

    state("file-1", Optional.of(later), 0);

    assertThat(find("file-1").orElseThrow().expiresAt()).contains(later);
    assertThat(held.decideAtOnce(service.id(), caller, List.of(read("file-1")))).isEmpty();
    state("file-1", Optional.of(Instant.EPOCH), 0);
    assertThat(mayRead(bob, "file-1")).isFalse();
    state("file-9", Optional.of(later), 0);
    assertThat(find("file-9")).isEmpty();
  }

  @Test
  void what_the_provider_says_of_an_object_is_stored_for_it_alone() {
    Instance other = PORTS.stored(AnInstance.of(alice, "other").build());
    Instant soon = Instant.now().plusSeconds(60).truncatedTo(ChronoUnit.MILLIS);
    Instant later = soon.plusSeconds(3_600);
    record(file("file-1", 0));
    record(file("file-2", 0));
    record(in(other, file("file-1", 0)));
    record(made(bob, ObjectKind.BATCHES, "file-1", FIVE, 0));
    record(file("file-3", 0));
    end("file-3");

    ledger.change(
        List.of(
            new Stated(service.id(), name("file-1"), Optional.of(later), 7),
            new Stated(service.id(), name("file-1"), Optional.of(soon), 5),
            new Stated(service.id(), name("file-3"), Optional.of(soon), 5)));

    ProviderObject stated = find("file-1").orElseThrow();
    assertThat(stated.expiresAt()).contains(later);
    assertThat(stated.bytes()).isEqualTo(7);
    assertThat(rows("expires_at is not null or bytes > 0")).isEqualTo(1);
    state("file-1", Optional.empty(), 9);
    assertThat(find("file-1")).contains(stated);
  }

  private void state(String id, Optional<Instant> expiry, long bytes) {
    held.stated(new Stated(service.id(), name(id), expiry, bytes)).toCompletableFuture().join();
  }

  @Race.Repeated
  void a_size_that_16_threads_learn_later_counts_once_and_then_stays() {
    record(file("file-1", 0));
    record(file("file-2", 10));
    fresh.set(true);
    assertThat(mayRead(bob, "file-1")).isTrue();

    List<String> outcomes =
        many(
            n -> {
              ledger.change(
                  List.of(
                      new Stated(service.id(), name("file-2"), Optional.empty(), 700 + n),
                      new Stated(service.id(), name("file-1"), Optional.empty(), 700)));
              return "done";
            });

    assertThat(count(outcomes, "done")).isEqualTo(MANY);
    assertThat(find("file-1").orElseThrow().bytes()).isEqualTo(700);
    assertThat(find("file-1").orElseThrow().expiresAt()).isEmpty();
    assertThat(holding(bob)).isEqualTo("2 0 710");
    state("file-1", Optional.empty(), 9);
    assertThat(holding(bob)).isEqualTo("2 0 710");
    assertThat(
            held.decideAtOnce(
                service.id(), caller(bob, holder(bob), false), List.of(read("file-1"))))
        .isEmpty();
    assertThat(record(file("file-3", 300))).isEqualTo(Recorded.FULL);
    end("file-1");
    assertThat(record(file("file-3", 300))).isEqualTo(Recorded.RECORDED);
  }

  @Test
  void a_part_ends_only_as_a_part_of_its_object() {
    record(upload("upload_1", 5));
    record(withParent(bob, "part_1", "upload_1"));

    ledger.end(List.of(part("upload_2"), part("upload_1 ")));
    assertThat(find("part_1")).isPresent();

    ledger.end(List.of(part("upload_1")));
    assertThat(find("part_1")).isEmpty();
    assertThat(find("upload_1")).isPresent();
    assertThat(holding(bob)).isEqualTo("1 0 5");
  }

  private Ended part(String parent) {
    return new Ended(
        service.id(), name("part_1"), ObjectState.DELETED, Optional.of(parent), Optional.of(CALL));
  }

  private static final Origin CALL =
      new Origin(new UUID(7, 1), new UUID(7, 2), "192.0.2.1", "request-1");

  @Test
  void a_file_takes_the_place_of_its_upload_so_that_its_bytes_count_once() {
    record(upload("upload_1", 900));
    record(withParent(bob, "part_1", "upload_1"));
    assertThat(holding(bob)).isEqualTo("2 0 900");

    assertThat(record(file("file-1", 900).replacing("upload_1"))).isEqualTo(Recorded.RECORDED);

    assertThat(holding(bob)).isEqualTo("1 0 900");
    assertThat(find("upload_1")).isEmpty();
    assertThat(find("part_1")).isEmpty();
    assertThat(ids(held.list(wanted(bob), Optional.empty(), true, 9))).containsExactly("file-1");
  }

  @Test
  void a_file_beyond_the_quota_is_not_recorded_and_its_upload_has_ended() {
    record(upload("upload_1", 900));

    assertThat(record(file("file-1", 1_001).replacing("upload_1"))).isEqualTo(Recorded.FULL);

    assertThat(find("upload_1")).isEmpty();
    assertThat(holding(bob)).isEqualTo("0 0 0");
    assertThat(record(file("file-1", 1_001).orphaned())).isEqualTo(Recorded.RECORDED);
    assertThat(rows("state = 'orphan' and object_id = 'file-1'")).isEqualTo(1);
  }

  private NewObject upload(String id, long bytes) {
    return new NewObject(
        service.id(),
        name(id),
        caller(bob, holder(bob), false),
        FIVE,
        Optional.empty(),
        bytes,
        Optional.of(ObjectLedger.UNLISTED),
        Optional.empty());
  }

  private NewObject file(String id, long bytes) {
    return made(bob, ObjectKind.FILES, id, FIVE, bytes);
  }

  @Test
  void what_a_batch_results_in_belongs_to_whoever_made_the_batch() {
    Project project = AProject.of(bob, "p").using(service).build();
    PORTS.projects().insert(project);
    ObjectHolder members = ObjectHolder.project(project.id().value());
    ObjectName batch = new ObjectName(ObjectKind.BATCHES, "batch_1");
    assertThat(record(made(caller(bob, members, false), batch))).isEqualTo(Recorded.RECORDED);
    ObjectCaller reader =
        new ObjectCaller(
            eve.id().value(),
            members,
            false,
            false,
            eve.id().value(),
            Optional.empty(),
            new UUID(9, 9),
            false,
            1);

    assertThat(record(made(reader, name("file-1")).comingWith(batch))).isEqualTo(Recorded.RECORDED);

    ProviderObject row = find("file-1").orElseThrow();
    assertThat(row.holder()).contains(members);
    assertThat(row.maker()).isEqualTo(bob.id().value());
    assertThat(row.tokens()).containsExactly(token.id().value());
    assertThat(holding(bob)).isEqualTo("2 0 20");
    assertThat(holding(eve)).isEqualTo("0 0 0");
    ObjectName gone = new ObjectName(ObjectKind.BATCHES, "batch_2");
    assertThat(record(made(reader, name("file-2")).comingWith(gone))).isEqualTo(Recorded.ENDING);
    assertThat(find("file-2")).isEmpty();
  }

  @Test
  void the_results_of_a_charged_batch_are_its_holders_even_beyond_a_quota() {
    batch("batch_1");
    IntStream.range(0, 4).forEach(i -> record(bob, "file-" + i));
    assertThat(record(bob, "file-4")).isEqualTo(Recorded.FULL);

    keepResults("batch_1", "file-out", "file-err");
    keepResults("batch_1", "file-out", "file-err");
    keepResults("batch_2", "file-other");

    ProviderObject row = find("file-out").orElseThrow();
    assertThat(row.holder()).contains(holder(bob));
    assertThat(row.purpose()).contains("batch_output");
    assertThat(row.tokens()).containsExactly(token.id().value());
    assertThat(find("file-err")).isPresent();
    assertThat(find("file-other")).isEmpty();
    assertThat(holding(bob)).isEqualTo("7 0 50");
  }

  @Test
  void the_results_of_a_batch_that_claviger_has_ended_are_deleted_like_the_batch() {
    record(bob, "file-read");
    for (String id : List.of("batch_1", "batch_2", "batch_3")) {
      batch(id);
    }
    for (String id : List.of("batch_1", "batch_2")) {
      assertThat(stored.end(service.id(), new ObjectName(ObjectKind.BATCHES, id), Optional.empty()))
          .isTrue();
    }
    // The provider has already been told to cancel it.
    Removal cancelled =
        stored.takeDue(TEN, List.of(), Set.of()).stream()
            .filter(due -> due.name().id().equals("batch_2"))
            .findFirst()
            .orElseThrow();
    assertThat(stored.settle(cancelled, ObjectState.LEFT)).isTrue();
    assertThat(stored.leave(service.id(), new ObjectName(ObjectKind.BATCHES, "batch_3"))).isTrue();

    keepResults("batch_1", "file-1", "file-read");
    keepResults("batch_2", "file-2");
    keepResults("batch_2", "file-2");
    keepResults("batch_3", "file-3");

    assertThat(stored.takeDue(TEN, List.of(), Set.of()))
        .extracting(due -> due.name().id() + " " + due.why())
        .containsExactlyInAnyOrder("file-1 REQUEST", "file-2 REQUEST");
    assertThat(mayRead(bob, "file-1")).isFalse();
    assertThat(mayRead(bob, "file-read")).isTrue();
    assertThat(find("file-3")).isEmpty();
  }

  @Race.Repeated
  void results_are_recorded_once_while_their_batch_ends_and_its_holder_reads_it() {
    batch("batch_1");
    ObjectName batch = new ObjectName(ObjectKind.BATCHES, "batch_1");

    List<String> outcomes =
        many(
            at -> {
              if (at == 7) {
                return String.valueOf(stored.end(service.id(), batch, Optional.empty()));
              }
              if (at % 2 == 0) {
                keepResults("batch_1", "file-out", "file-err");
                return "kept";
              }
              return record(made(bob, "file-out", Optional.empty()).comingWith(batch)).name();
            });

    assertThat(count(outcomes, "kept")).isEqualTo(MANY / 2);
    for (String file : List.of("file-out", "file-err")) {
      assertThat(rows("state in ('live', 'deleting') and object_id = '" + file + "'"))
          .as(file)
          .isOne();
    }
    assertThat(rows("object_id like 'file-%'")).isEqualTo(2);
  }

  private void batch(String id) {
    assertThat(record(made(bob, ObjectKind.BATCHES, id, FIVE, 10))).isEqualTo(Recorded.RECORDED);
  }

  private void keepResults(String batch, String... files) {
    batches().keepResults(UUID.randomUUID(), service.id(), batch, List.of(files));
  }

  private static JdbcBatchLedger batches() {
    return new JdbcBatchLedger(PORTS.database(), new JdbcUsageBooks(PORTS.database()));
  }

  @Test
  void each_settled_batch_is_asked_for_its_results_by_itself_until_they_are_recorded() {
    for (String id : List.of("batch_1", "batch_2", "batch_3")) {
      batch(id);
      reserve(id, id.equals("batch_3") ? "open" : "settled");
    }
    makeResultsDue();

    List<SettledBatch> first = batches().takeResults(4, List.of(), Duration.ofHours(1));
    assertThat(first).hasSize(1);
    assertThat(batches().takeResults(4, List.of(first.getFirst().owner()), Duration.ofHours(1)))
        .isEmpty();
    List<SettledBatch> second = batches().takeResults(4, List.of(), Duration.ofHours(1));
    assertThat(second).hasSize(1);
    assertThat(batches().takeResults(4, List.of(), Duration.ofHours(1))).isEmpty();
    assertThat(List.of(first.getFirst().batch(), second.getFirst().batch()))
        .containsExactlyInAnyOrder("batch_1", "batch_2");

    batches().postponeResults(first.getFirst().id(), Duration.ZERO);
    SettledBatch again = batches().takeResults(4, List.of(), Duration.ofHours(1)).getFirst();
    assertThat(again.id()).isEqualTo(first.getFirst().id());
    assertThat(again.service()).isEqualTo(service.ref());
    assertThat(again.checks()).isEqualTo(2);
    batches().keepResults(again.id(), service.id(), again.batch(), List.of("file-out"));
    batches().postponeResults(again.id(), Duration.ZERO);

    assertThat(batches().takeResults(4, List.of(), Duration.ZERO)).isEmpty();
    assertThat(find("file-out").orElseThrow().holder()).contains(holder(bob));
  }

  private void makeResultsDue() {
    int unused =
        PORTS
            .sql()
            .sql(
                """
                update batch_reservations set results_due_at = now() - interval '1 minute'
                where state = 'settled' and service_id = :service
                """)
            .param("service", service.id().value())
            .update();
  }

  @Race.Repeated
  void a_settled_batch_is_asked_for_its_results_by_one_node() {
    batch("batch_1");
    reserve("batch_1", "settled");
    makeResultsDue();

    List<String> outcomes =
        many(at -> batches().takeResults(4, List.of(), Duration.ofHours(1)).size() + " taken");

    assertThat(count(outcomes, "1 taken")).isOne();
    assertThat(count(outcomes, "0 taken")).isEqualTo(MANY - 1);
  }

  @Test
  void who_made_and_ended_an_object_is_on_record_with_it() {
    record(made(bob, "file-1", Optional.empty()).by(CALL));
    record(made(bob, "file-1", Optional.empty()).by(CALL));
    record(withParent(bob, "part_1", "file-1").by(CALL));
    record(response(bob, "resp_1", 5).by(CALL));
    record(made(bob, "file-2", Optional.empty()));
    assertThat(record(made(eve, "file-1", Optional.empty()).by(CALL))).isEqualTo(Recorded.HELD);
    assertThat(events())
        .containsExactly(
            "object.create bob %s 192.0.2.1 request-1 service alice/s %s {files,file-1}"
                .formatted(token.id().value(), alice.id().value()));

    for (String id : List.of("file-1", "file-1", "resp_1", "file-2")) {
      Origin call =
          new Origin(bob.id().value(), token.id().value(), CALL.address(), CALL.requestId());
      Ended ended =
          new Ended(
              service.id(),
              name(id),
              ObjectState.DELETED,
              Optional.of(call).filter(known -> !id.equals("file-2")));
      held.ended(ended).toCompletableFuture().join();
    }

    assertThat(rows("state = 'live'")).isZero();
    assertThat(events())
        .hasSize(2)
        .last()
        .isEqualTo(
            "object.delete bob %s 192.0.2.1 request-1 service alice/s %s {files,file-1}"
                .formatted(token.id().value(), alice.id().value()));
  }

  private static List<String> events() {
    return PORTS
        .sql()
        .sql(
            """
            select concat_ws(' ', action, actor, token_id, address, request_id, target_type,
              target_ref, target_owner_id, fields)
            from audit_events where action like 'object.%' order by at, id
            """)
        .query(String.class)
        .list();
  }

  @Test
  void a_recorded_object_is_its_holders_alone() {
    assertThat(record(bob, "file-1")).isEqualTo(Recorded.RECORDED);

    assertThat(mayRead(bob, "file-1")).isTrue();
    assertThat(mayRead(eve, "file-1")).isFalse();
    assertThat(mayRead(alice, "file-1")).isFalse();
    assertThat(mayRead(bob, "FILE-1")).isFalse();
    ProviderObject row = find("file-1").orElseThrow();
    assertThat(row.tokens()).containsExactly(token.id().value());
    assertThat(row.bytes()).isEqualTo(10);
    assertThat(row.maker()).isEqualTo(bob.id().value());
  }

  @Test
  void an_id_that_somebody_holds_is_not_recorded_for_another() {
    assertThat(record(bob, "file-1")).isEqualTo(Recorded.RECORDED);

    assertThat(record(eve, "file-1")).isEqualTo(Recorded.HELD);
    assertThat(record(bob, "file-1")).isEqualTo(Recorded.RECORDED);
    assertThat(holding(bob)).isEqualTo("1 0 10");
    assertThat(holding(eve)).isEqualTo("0 0 0");
  }

  @Test
  void an_ended_id_is_used_again_and_grants_nothing_to_its_former_holder() {
    record(bob, "file-1");
    end("file-1");

    assertThat(mayRead(bob, "file-1")).isFalse();
    assertThat(record(eve, "file-1")).isEqualTo(Recorded.RECORDED);
    assertThat(mayRead(bob, "file-1")).isFalse();
    assertThat(mayRead(eve, "file-1")).isTrue();
    assertThat(holding(bob)).isEqualTo("0 0 0");
  }

  @Test
  void an_expired_object_neither_grants_nor_blocks_nor_counts() {
    Optional<Instant> past = Optional.of(Instant.now().minusSeconds(1));
    for (int i = 0; i < 5; i++) {
      record(made(bob, "file-" + i, past));
    }

    assertThat(mayRead(bob, "file-0")).isFalse();
    assertThat(record(eve, "file-0")).isEqualTo(Recorded.RECORDED);
    assertThat(record(bob, "file-5")).isEqualTo(Recorded.RECORDED);
    assertThat(record(bob, "file-6")).isEqualTo(Recorded.RECORDED);
    assertThat(holding(bob)).isEqualTo("2 0 20");
  }

  @Test
  void parts_end_with_what_they_are_a_part_of() {
    record(bob, "resp_1");
    record(withParent(bob, "msg_1", "resp_1"));
    end("resp_1");

    assertThat(find("msg_1")).isEmpty();
  }

  @Race.Repeated
  void one_of_many_holders_gets_an_id() {
    List<String> outcomes = many(n -> record(n % 2 == 0 ? bob : eve, "file-1").name());

    assertThat(outcomes).isSubsetOf("RECORDED", "HELD");
    assertThat(count(outcomes, "RECORDED")).isEqualTo(MANY / 2);
    assertThat(rows("state = 'live'")).isEqualTo(1);
  }

  @Race.Repeated
  void a_borrower_gets_no_more_objects_than_the_quota() {
    List<String> outcomes = many(n -> record(bob, "file-" + n).name());

    assertThat(count(outcomes, "RECORDED")).isEqualTo(5);
    assertThat(count(outcomes, "FULL")).isEqualTo(MANY - 5);
    assertThat(holding(bob)).isEqualTo("5 0 50");
  }

  @Race.Repeated
  void what_the_database_can_not_store_fails_alone() {
    List<String> outcomes =
        many(
            n -> {
              try {
                return record(purposed("file-" + n, n % 5 == 4 ? "a\0b" : "batch")).name();
              } catch (CompletionException e) {
                return "failed";
              }
            });

    assertThat(count(outcomes, "failed")).isEqualTo(3);
    assertThat(count(outcomes, "RECORDED")).isEqualTo(MANY - 3);
  }

  private NewObject purposed(String id, String purpose) {
    return new NewObject(
        service.id(),
        name(id),
        caller(bob, holder(bob), false),
        ObjectQuota.DEFAULT,
        Optional.empty(),
        10,
        Optional.empty(),
        Optional.of(purpose));
  }

  @Test
  void a_full_borrower_waits_for_no_expired_object_that_another_transaction_holds() {
    Instant past = Instant.now().minusSeconds(1);
    for (int i = 0; i < 5; i++) {
      assertThat(record(made(bob, "file-" + i, Optional.of(past)))).isEqualTo(Recorded.RECORDED);
    }

    Recorded made =
        PORTS
            .transactions()
            .inTransaction(
                () -> {
                  long unused =
                      PORTS
                          .database()
                          .jdbc()
                          .sql("select id from provider_objects where object_id = :id for update")
                          .param("id", "file-0")
                          .query(Long.class)
                          .single();
                  return record(bob, "file-9");
                });

    assertThat(made).isEqualTo(Recorded.RECORDED);
    assertThat(rows("state = 'expired'")).isEqualTo(4);
    assertThat(rows("state = 'live'")).isEqualTo(2);
  }

  @Race.Repeated
  void nor_more_bytes() {
    List<String> outcomes =
        many(
            n ->
                record(made(bob, ObjectKind.FILES, "file-" + n, new ObjectQuota(100, 25), 7))
                    .name());

    assertThat(count(outcomes, "RECORDED")).isEqualTo(3);
  }

  @Race.Repeated
  void the_oldest_responses_leave() {
    many(n -> ledger.record(List.of(response(bob, "resp_" + n, 5))).getFirst().name());

    assertThat(rows("state = 'live'")).isEqualTo(5);
    assertThat(rows("state = 'deleting' and retry_at is not null")).isEqualTo(MANY - 5);
    assertThat(holding(bob)).isEqualTo("0 5 50");
  }

  @Test
  void the_oldest_response_leaves_with_its_items_and_is_deleted_at_the_provider() {
    for (int i = 1; i <= 2; i++) {
      record(response(bob, "resp_" + i, 5));
      record(withParent(bob, "msg_" + i, "resp_" + i));
    }
    assertThat(holding(bob)).isEqualTo("0 4 20");

    record(response(bob, "resp_3", 4));

    assertThat(find("resp_1")).isEmpty();
    assertThat(find("msg_1")).isEmpty();
    assertThat(find("resp_2")).isPresent();
    assertThat(find("msg_2")).isPresent();
    assertThat(rows("state = 'deleting' and retry_at is not null and object_id = 'resp_1'"))
        .isEqualTo(1);
    assertThat(rows("retry_at is not null")).isEqualTo(1);
    assertThat(holding(bob)).isEqualTo("0 3 20");
  }

  @Race.Repeated
  void many_make_list_and_delete_and_the_quota_is_never_exceeded() {
    many(
        n -> {
          for (int i = 0; i < 4; i++) {
            String id = "file-" + n + "-" + i;
            Recorded made = record(made(bob, id, Optional.empty()).by(CALL));
            long live = rows("state = 'live' and borrower_id is not null");
            assertThat(live).isLessThanOrEqualTo(5);
            List<String> listed = ids(held.list(wanted(bob), Optional.empty(), false, 20));
            assertThat(listed).hasSizeLessThanOrEqualTo(5);
            if (made == Recorded.RECORDED) {
              assertThat(listed).contains(id);
              held.ended(new Ended(service.id(), name(id), ObjectState.DELETED, Optional.of(CALL)))
                  .toCompletableFuture()
                  .join();
              assertThat(find(id)).isEmpty();
            } else {
              assertThat(made).isEqualTo(Recorded.FULL);
            }
          }
          return "done";
        });

    assertThat(rows("state = 'live'")).isZero();
    assertThat(holding(bob)).isEqualTo("0 0 0");
    assertThat(events().stream().filter(each -> each.startsWith("object.create")).count())
        .isEqualTo(rows("state = 'deleted'"))
        .isEqualTo(events().stream().filter(each -> each.startsWith("object.delete")).count());
  }

  @Race.Repeated
  void many_make_list_and_end_the_same_ids() {
    many(
        n -> {
          User user = n % 2 == 0 ? bob : eve;
          String id = "file-" + n % 4;
          Recorded made = record(user, id);
          ledger
              .list(wanted(user), Optional.empty(), true, 20, Instant.now())
              .orElseThrow()
              .forEach(o -> assertThat(o.holder()).contains(ObjectHolder.user(user.id().value())));
          if (made == Recorded.RECORDED && n % 3 == 0) {
            end(id);
          }
          return made.name();
        });

    assertThat(rows("state = 'live'"))
        .isEqualTo(
            PORTS.sql().sql("select sum(objects) from object_holdings").query(Long.class).single());
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    select count(*) from (
                      select from provider_objects where state = 'live'
                      group by service_id, kind, object_id having count(*) > 1) twice
                    """)
                .query(Long.class)
                .single())
        .isZero();
  }

  @Test
  void lists_have_only_what_the_holder_has_and_go_on_after_an_id() {
    for (int i = 0; i < 5; i++) {
      record(bob, "file-" + i);
    }
    record(eve, "file-9");

    assertThat(ids(held.list(wanted(bob), Optional.empty(), true, 2)))
        .containsExactly("file-0", "file-1");
    assertThat(ids(held.list(wanted(bob), Optional.of("file-1"), true, 10)))
        .containsExactly("file-2", "file-3", "file-4");
    assertThat(ids(held.list(wanted(bob), Optional.of("file-3"), false, 2)))
        .containsExactly("file-2", "file-1");
    assertThat(held.list(wanted(bob), Optional.empty(), true, 2).orElseThrow().hasMore()).isTrue();
    assertThat(held.list(wanted(bob), Optional.of("file-9"), true, 2)).isEmpty();
    Set<String> some = Set.of("file-1", "file-3", "file-9", "file-none");
    Wanted named = RecordCopy.with(wanted(bob), "ids", some);
    assertThat(ids(held.list(named, Optional.empty(), true, 10)))
        .containsExactly("file-1", "file-3");
    assertThat(ids(held.list(named, Optional.of("file-1"), true, 10))).containsExactly("file-3");
    assertThat(held.list(named, Optional.of("file-2"), true, 10)).isEmpty();
  }

  @Test
  void lists_have_only_what_fits_all_that_is_asked() {
    Instance other = PORTS.stored(AnInstance.of(alice, "other").build());
    ObjectCaller otherToken =
        RecordCopy.with(caller(bob, holder(bob), false), "token", new UUID(7, 7));
    record(bob, "file-1");
    record(in(other, made(bob, "file-2", Optional.empty())));
    record(made(bob, ObjectKind.BATCHES, "file-3", FIVE, 10));
    record(made(bob, "file-4", Optional.of(Instant.now().minusSeconds(1))));
    record(bob, "file-5");
    end("file-5");
    record(made(otherToken, "file-6"));
    record(RecordCopy.with(made(bob, "file-7", Optional.empty()), "purpose", Optional.of("batch")));
    record(eve, "file-8");
    record(withParent(eve, "file-9", "whole"));

    assertThat(listed(wanted(bob))).containsExactly("file-1", "file-6", "file-7");
    Set<Instance.Id> both = Set.of(service.id(), other.id());
    assertThat(listed(RecordCopy.with(wanted(bob), "services", both)))
        .containsExactly("file-1", "file-2", "file-6", "file-7");
    Optional<UUID> confinedTo = Optional.of(token.id().value());
    assertThat(listed(RecordCopy.with(wanted(bob), "confinedTo", confinedTo)))
        .containsExactly("file-1", "file-7");
    Wanted ofBatches = RecordCopy.with(wanted(bob), "purpose", Optional.of("batch"));
    assertThat(listed(ofBatches)).containsExactly("file-7");
    assertThat(held.list(ofBatches, Optional.of("file-1"), true, 9)).isEmpty();
    assertThat(listed(RecordCopy.with(wanted(bob), "beginning", Optional.of("file-6"))))
        .containsExactly("file-6");
    assertThat(listed(RecordCopy.with(wanted(bob), "kind", ObjectKind.BATCHES)))
        .containsExactly("file-3");
    assertThat(listed(wanted(eve))).containsExactly("file-8");
    assertThat(listed(RecordCopy.with(wanted(eve), "parent", Optional.of("whole"))))
        .containsExactly("file-9");
  }

  private List<String> listed(Wanted wanted) {
    return ids(held.list(wanted, Optional.empty(), true, 9));
  }

  @Test
  void objects_are_found_in_the_services_in_which_a_caller_may_use_them() {
    Instance other = PORTS.stored(AnInstance.of(alice, "other").build());
    Set<Instance.Id> both = Set.of(service.id(), other.id());
    List<ObjectName> names = List.of(name("file-1"), name("file-2"), name("file-9"));
    record(bob, "file-1");
    record(eve, "file-2");
    record(RecordCopy.with(made(bob, "file-1", Optional.empty()), "service", other.id()));
    record(made(bob, "file-9", Optional.of(Instant.now().minusSeconds(1))));
    assertThat(share("file-9", Optional.of(Set.of(GranteeName.of("eve")))))
        .isIn(Sharing.HELD, Sharing.CREATED, Sharing.CHANGED);

    assertThat(held.find(seeker(bob, Optional.empty()), both, names))
        .isEqualTo(new Whereabouts(Map.of(name("file-1"), both), Map.of()));
    assertThat(held.find(seeker(bob, Optional.of(token.id().value())), both, names).held())
        .containsOnlyKeys(name("file-1"));
    assertThat(held.find(seeker(bob, Optional.of(new UUID(7, 7))), both, names))
        .isEqualTo(Whereabouts.NOWHERE);
    assertThat(held.find(seeker(bob, Optional.empty()), Set.of(other.id()), names).held())
        .isEqualTo(Map.of(name("file-1"), Set.of(other.id())));
    assertThat(held.find(seeker(alice, Optional.empty()), both, names))
        .isEqualTo(Whereabouts.NOWHERE);
    end("file-1");
    assertThat(share("file-1", Optional.of(Set.of(GranteeName.of("eve")))))
        .isEqualTo(Sharing.CREATED);
    assertThat(held.find(seeker(eve, Optional.empty()), both, names))
        .isEqualTo(
            new Whereabouts(
                Map.of(name("file-2"), Set.of(service.id())),
                Map.of(name("file-1"), Set.of(service.id()))));
    ObjectHolder project = ObjectHolder.project(new UUID(8, 8));
    assertThat(held.find(new ObjectSeeker(bob.id(), project, Optional.empty()), both, names))
        .isEqualTo(Whereabouts.NOWHERE);
  }

  private static ObjectSeeker seeker(User user, Optional<UUID> confinedTo) {
    return new ObjectSeeker(user.id(), holder(user), confinedTo);
  }

  @Test
  void an_object_is_found_by_its_kind_and_id_where_it_is_live() {
    Instance other = PORTS.stored(AnInstance.of(alice, "other").build());
    Set<Instance.Id> both = Set.of(service.id(), other.id());
    List<ObjectName> names = names("file-1", "file-2", "file-3", "file-9");
    Project project = AProject.of(alice, "p").using(service).build();
    PORTS.projects().insert(project);
    ObjectHolder members = ObjectHolder.project(project.id().value());
    record(bob, "file-1");
    record(in(other, made(bob, ObjectKind.BATCHES, "file-1", FIVE, 10)));
    record(bob, "file-2");
    end("file-2");
    record(made(caller(bob, members, false), "file-3"));

    Map<ObjectName, Set<Instance.Id>> own = Map.of(name("file-1"), Set.of(service.id()));
    assertThat(held.find(seeker(bob, Optional.empty()), both, names))
        .isEqualTo(new Whereabouts(own, Map.of()));
    Map<ObjectName, Set<Instance.Id>> joint = Map.of(name("file-3"), Set.of(service.id()));
    for (Optional<UUID> confinedTo :
        List.of(Optional.<UUID>empty(), Optional.of(token.id().value()))) {
      assertThat(held.find(new ObjectSeeker(bob.id(), members, confinedTo), both, names))
          .isEqualTo(new Whereabouts(joint, Map.of()));
    }
    ObjectSeeker confined = new ObjectSeeker(bob.id(), members, Optional.of(new UUID(7, 7)));
    assertThat(held.find(confined, both, names)).isEqualTo(Whereabouts.NOWHERE);
    ObjectSeeker member = new ObjectSeeker(eve.id(), members, Optional.empty());
    assertThat(held.find(member, Set.of(other.id()), names)).isEqualTo(Whereabouts.NOWHERE);
    end("file-3");
    assertThat(held.find(member, both, names)).isEqualTo(Whereabouts.NOWHERE);
  }

  private static List<ObjectName> names(String... ids) {
    return Stream.of(ids).map(ObjectLedgerTest::name).toList();
  }

  @Test
  void an_object_is_lent_by_its_own_service_kind_and_id_to_its_own_borrowers() {
    Instance here = service;
    Instance other = PORTS.stored(AnInstance.of(alice, "other").build());
    Set<Instance.Id> both = Set.of(here.id(), other.id());
    Optional<Set<GranteeName>> toEve = Optional.of(Set.of(GranteeName.of("eve")));
    Optional<Set<GranteeName>> toBob = Optional.of(Set.of(GranteeName.of("bob")));
    List<ObjectName> names = IntStream.rangeClosed(1, 8).mapToObj(n -> name("file-" + n)).toList();
    ObjectName storeOfEve = new ObjectName(ObjectKind.VECTOR_STORES, "file-3");
    ObjectName storeOfBob = new ObjectName(ObjectKind.VECTOR_STORES, "file-2");
    for (ObjectName each : List.of(storeOfEve, storeOfBob)) {
      Terms terms =
          new Terms(
              SharedObject.Access.READ, each.equals(storeOfEve) ? toEve : toBob, Field.absent());
      assertThat(stored.share(here.id(), each, terms, alice.id(), true, Instant.now()))
          .isEqualTo(Sharing.CREATED);
    }
    share("file-2", toEve);
    share("file-4", toBob);
    share("file-6", Optional.empty());
    for (String handle : List.of("crew", "team")) {
      Group group = AGroup.called(handle);
      User member = handle.equals("crew") ? bob : eve;
      PORTS.groups().insert(group);
      PORTS
          .groups()
          .putMember(
              group.id(),
              new GroupMember(member.id(), member.handle(), GroupRole.MEMBER, Instant.EPOCH));
    }
    share("file-7", Optional.of(Set.of(GranteeName.of("@crew"))));
    share("file-8", Optional.of(Set.of(GranteeName.of("@team"))));
    service = other;
    share("file-1", toEve);
    share("file-2", toBob);
    service = here;

    assertThat(names.stream().filter(each -> mayRead(eve, each.id())))
        .containsExactly(name("file-2"), name("file-6"), name("file-8"));
    Map<ObjectName, Set<Instance.Id>> inService =
        Map.of(
            name("file-2"),
            Set.of(here.id()),
            name("file-6"),
            Set.of(here.id()),
            name("file-8"),
            Set.of(here.id()));
    assertThat(held.find(seeker(eve, Optional.empty()), Set.of(here.id()), names).shared())
        .isEqualTo(inService);
    List<ObjectName> all = Stream.concat(names.stream(), Stream.of(storeOfBob)).toList();
    assertThat(held.find(seeker(eve, Optional.empty()), both, all).shared())
        .hasSize(4)
        .containsAllEntriesOf(inService)
        .containsEntry(name("file-1"), Set.of(other.id()));
  }

  @Test
  void an_object_ends_alone_with_its_own_parts() {
    Instance here = service;
    for (Instance each : List.of(PORTS.stored(AnInstance.of(alice, "other").build()), here)) {
      service = each;
      record(bob, "file-1");
      record(bob, "file-2");
      record(made(bob, ObjectKind.BATCHES, "file-1", FIVE, 1));
    }

    end("file-1");
    assertThat(rows("state = 'live'")).isEqualTo(5);
    record(bob, "file-1");
    end("file-1");
    assertThat(rows("state = 'live'")).isEqualTo(5);
    assertThat(rows("state = 'deleted'")).isEqualTo(2);

    for (int i = 1; i <= 2; i++) {
      record(response(bob, "resp_" + i, 5));
      record(withParent(bob, "msg_" + i, "resp_" + i));
    }
    end("resp_1");
    assertThat(rows("state = 'live' and object_id in ('resp_2', 'msg_2')")).isEqualTo(2);
    assertThat(rows("state = 'live' and object_id in ('resp_1', 'msg_1')")).isZero();
  }

  @Test
  void an_upload_is_on_record_but_not_in_the_list_of_files() {
    record(withParent(bob, "upload_1", ObjectLedger.UNLISTED));

    assertThat(find("upload_1").orElseThrow().parent()).isEmpty();
    assertThat(rows("parent = '/'")).isEqualTo(1);
    assertThat(ids(held.list(wanted(bob), Optional.empty(), true, 2))).isEmpty();
    assertThat(listed(Optional.empty())).containsExactly("upload_1 bob");
  }

  @Test
  void what_a_deleted_user_made_is_the_owners_and_counts_for_nobody() {
    record(bob, "file-1");
    PORTS.users().delete(bob.id());

    assertThat(find("file-1").orElseThrow().holder()).isEmpty();
    assertThat(holding(bob)).isEqualTo("0 0 0");
    assertThat(mayRead(eve, "file-1")).isFalse();
    assertThat(
            held.decide(service.id(), caller(alice, holder(alice), true), List.of(read("file-1")))
                .isAllowed())
        .isTrue();
  }

  @Test
  void a_project_that_is_bound_elsewhere_leaves_its_objects_to_the_owner_of_the_service() {
    Instance other = PORTS.stored(AnInstance.of(alice, "other").build());
    Project project = AProject.of(bob, "p").using(service).build();
    PORTS.projects().insert(project);
    ObjectCaller member = caller(eve, ObjectHolder.project(project.id().value()), false);
    assertThat(record(made(member, "file-1"))).isEqualTo(Recorded.RECORDED);
    assertThat(held.decide(service.id(), member, List.of(read("file-1"))).isAllowed()).isTrue();

    int rebound =
        PORTS
            .sql()
            .sql("update projects set instance_id = :other where id = :id")
            .param("other", other.id().value())
            .param("id", project.id().value())
            .update();

    assertThat(rebound).isEqualTo(1);
    assertThat(find("file-1").orElseThrow().holder()).isEmpty();
    String before = holding(bob);
    assertThat(record(made(member, "file-2"))).isEqualTo(Recorded.RECORDED);
    assertThat(find("file-2").orElseThrow().holder()).isEmpty();
    assertThat(holding(bob)).isEqualTo(before);
    assertThat(holding(eve)).isEqualTo("0 0 0");
  }

  @Test
  void what_a_project_stores_counts_for_its_present_owner() {
    Project project = AProject.of(bob, "p").using(service).build();
    PORTS.projects().insert(project);
    ObjectCaller member = caller(bob, ObjectHolder.project(project.id().value()), false);
    assertThat(record(made(member, "file-1"))).isEqualTo(Recorded.RECORDED);
    assertThat(record(made(member, "resp_1"))).isEqualTo(Recorded.RECORDED);
    assertThat(record(bob, "file-2")).isEqualTo(Recorded.RECORDED);
    assertThat(holding(bob)).isEqualTo("2 1 30");

    transfer(project, eve);

    assertThat(holding(bob)).isEqualTo("1 0 10");
    assertThat(holding(eve)).isEqualTo("1 1 20");
    for (int n = 3; n < 7; n++) {
      assertThat(record(bob, "file-" + n)).isEqualTo(Recorded.RECORDED);
    }
    assertThat(record(bob, "file-7")).isEqualTo(Recorded.FULL);
  }

  @Test
  void what_a_project_of_a_service_account_stores_counts_for_whoever_is_responsible_for_it() {
    Project project = AProject.of(bob, "p").using(service).build();
    PORTS.projects().insert(project);
    ObjectCaller member = caller(bob, ObjectHolder.project(project.id().value()), false);
    assertThat(record(made(member, "file-1"))).isEqualTo(Recorded.RECORDED);
    User bot = PORTS.stored(AUser.called("bot").serviceAccountOf(eve).build());

    transfer(project, bot);

    assertThat(holding(bob)).isEqualTo("0 0 0");
    assertThat(holding(eve)).isEqualTo("1 0 10");
    assertThat(holding(bot)).isEqualTo("0 0 0");
  }

  /** A call may be answered long after it was authorized. */
  @Test
  void what_a_call_stores_after_a_transfer_counts_for_the_new_owner() {
    Project project = AProject.of(bob, "p").using(service).build();
    PORTS.projects().insert(project);
    ObjectCaller before = caller(bob, ObjectHolder.project(project.id().value()), false);
    transfer(project, eve);

    assertThat(record(made(before, "file-1"))).isEqualTo(Recorded.RECORDED);
    assertThat(record(bob, "file-2")).isEqualTo(Recorded.RECORDED);

    assertThat(holding(eve)).isEqualTo("1 0 10");
    assertThat(holding(bob)).isEqualTo("1 0 10");
  }

  @Test
  void the_quota_of_the_new_owner_decides_about_what_a_call_stores_after_a_transfer() {
    Project project = AProject.of(bob, "p").using(service).build();
    PORTS.projects().insert(project);
    ObjectCaller before = caller(bob, ObjectHolder.project(project.id().value()), false);
    for (int n = 1; n <= 5; n++) {
      assertThat(record(bob, "file-" + n)).isEqualTo(Recorded.RECORDED);
    }
    transfer(project, eve);

    assertThat(record(made(before, "file-6"))).isEqualTo(Recorded.RECORDED);
    for (int n = 7; n <= 10; n++) {
      assertThat(record(eve, "file-" + n)).isEqualTo(Recorded.RECORDED);
    }
    end("file-1");
    assertThat(record(made(before, "file-11"))).isEqualTo(Recorded.FULL);
  }

  private static void transfer(Project project, User receiver) {
    int moved =
        PORTS
            .sql()
            .sql("update projects set owner_id = :owner, owner_handle = :handle where id = :id")
            .param("owner", receiver.id().value())
            .param("handle", receiver.handle().value())
            .param("id", project.id().value())
            .update();
    assertThat(moved).isEqualTo(1);
  }

  @Test
  void what_a_service_account_stores_counts_for_whoever_is_responsible_for_it() {
    User bot = PORTS.stored(AUser.called("bot").serviceAccountOf(bob).build());
    Project project = AProject.of(bot, "p").using(service).build();
    PORTS.projects().insert(project);
    assertThat(record(bot, "file-1")).isEqualTo(Recorded.RECORDED);
    assertThat(
            record(made(caller(bot, ObjectHolder.project(project.id().value()), false), "file-2")))
        .isEqualTo(Recorded.RECORDED);
    assertThat(record(bob, "file-3")).isEqualTo(Recorded.RECORDED);
    assertThat(holding(bob)).isEqualTo("3 0 30");

    PORTS.users().replaceResponsible(bob.id(), eve.id(), Instant.now());

    assertThat(holding(bob)).isEqualTo("1 0 10");
    assertThat(holding(eve)).isEqualTo("2 0 20");
  }

  @Test
  void what_is_remembered_is_forgotten_when_it_changes() {
    record(bob, "file-1");
    ObjectCaller caller = caller(bob, holder(bob), false);
    assertThat(held.decideAtOnce(service.id(), caller, List.of(read("file-1")))).isEmpty();
    assertThat(mayRead(bob, "file-1")).isTrue();
    assertThat(held.decideAtOnce(service.id(), caller, List.of(read("file-1")))).isEmpty();
    fresh.set(true);
    assertThat(held.decideAtOnce(service.id(), caller, List.of(read("file-1")))).isPresent();

    long before = point();
    end("file-1");
    remembered.changed(subjectsSince(before));

    assertThat(held.decideAtOnce(service.id(), caller, List.of(read("file-1")))).isEmpty();
    assertThat(mayRead(bob, "file-1")).isFalse();
  }

  /** Two services may use accounts whose providers give the same ids. */
  @Test
  void what_happens_to_an_object_happens_to_none_of_the_same_id_elsewhere() {
    Instance other = PORTS.stored(AnInstance.of(alice, "other").build());
    Instance here = service;
    ObjectName sameId = new ObjectName(ObjectKind.BATCHES, "file-1");
    for (Instance each : List.of(other, here)) {
      service = each;
      record(bob, "file-1");
      record(bob, "file-2");
      record(made(bob, ObjectKind.BATCHES, "file-1", FIVE, 1));
    }

    assertThat(stored.leave(here.id(), name("file-1"))).isTrue();
    assertThat(stored.end(here.id(), name("file-2"), Optional.empty())).isTrue();

    assertThat(find("file-1")).isEmpty();
    assertThat(find("file-2")).isEmpty();
    assertThat(stored.serviceHolding(here.ref(), name("file-1"), bob.id())).isEmpty();
    assertThat(stored.serviceHolding(here.ref(), sameId, bob.id())).contains(here.id());
    for (String id : List.of("file-1", "file-2")) {
      assertThat(stored.serviceHolding(other.ref(), name(id), bob.id())).contains(other.id());
      assertThat(stored.serviceHolding(other.ref(), name(id), eve.id())).isEmpty();
    }
  }

  @Test
  void what_is_left_takes_only_its_own_parts_along() {
    for (int i = 1; i <= 2; i++) {
      record(response(bob, "resp_" + i, 5));
      record(withParent(bob, "msg_" + i, "resp_" + i));
    }

    assertThat(stored.leave(service.id(), name("resp_1"))).isTrue();

    assertThat(find("resp_1")).isEmpty();
    assertThat(find("msg_1")).isEmpty();
    assertThat(find("resp_2")).isPresent();
    assertThat(find("msg_2")).isPresent();
  }

  @Test
  void every_node_forgets_what_is_left_at_the_provider_with_its_parts() {
    RememberedObjects others = new RememberedObjects(fresh::get);
    HeldObjects elsewhere = HeldObjects.of(ledger, others, uses, InstantSource.system());
    ObjectCaller caller = caller(bob, holder(bob), false);
    List<ObjectUse> wanted = List.of(read("resp_1"), read("msg_1"));
    record(bob, "resp_1");
    record(withParent(bob, "msg_1", "resp_1"));
    fresh.set(true);
    for (HeldObjects node : List.of(held, elsewhere)) {
      assertThat(node.decide(service.id(), caller, wanted).isAllowed()).isTrue();
      for (ObjectUse one : wanted) {
        assertThat(node.decideAtOnce(service.id(), caller, List.of(one))).isPresent();
      }
    }

    long before = point();
    assertThat(stored.leave(service.id(), name("resp_1"))).isTrue();
    remembered.changed(subjectsSince(before));
    others.changed(subjectsSince(before));

    for (HeldObjects node : List.of(held, elsewhere)) {
      for (ObjectUse one : wanted) {
        assertThat(node.decideAtOnce(service.id(), caller, List.of(one))).isEmpty();
        assertThat(node.decide(service.id(), caller, List.of(one)).isAllowed()).isFalse();
      }
    }
  }

  /** Each line is written and later removed while all other changes wait. */
  @Test
  void more_than_a_thousand_objects_that_end_together_are_one_line_for_their_service() {
    Instance other = PORTS.stored(AnInstance.of(alice, "t").build());
    ObjectCaller caller = caller(bob, holder(bob), false);
    record(bob, "resp_0");
    parts(service, 999);
    long before = point();
    end("resp_0");
    assertThat(subjectsSince(before)).hasSize(1_000).doesNotContain(service.id().value());

    record(bob, "resp_0");
    parts(service, 1_000);
    assertThat(held.decide(service.id(), caller, List.of(read("msg_7"))).isAllowed()).isTrue();
    fresh.set(true);
    assertThat(held.decideAtOnce(service.id(), caller, List.of(read("msg_7")))).isPresent();
    before = point();
    end("resp_0");
    assertThat(subjectsSince(before)).containsExactly(service.id().value());
    remembered.changed(subjectsSince(before));
    assertThat(held.decideAtOnce(service.id(), caller, List.of(read("msg_7")))).isEmpty();
    assertThat(mayRead(bob, "msg_7")).isFalse();

    record(bob, "resp_0");
    parts(service, 1_500);
    before = point();
    assertThat(stored.leave(service.id(), name("resp_0"))).isTrue();
    assertThat(subjectsSince(before)).containsExactly(service.id().value());

    parts(service, 1_000);
    parts(other, 1_000);
    before = point();
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    update provider_objects o set state = 'deleted', ended_at = clock_timestamp()
                    from (
                      select id from provider_objects where state = 'live'
                      order by object_id, service_id) l
                    where o.id = l.id
                    """)
                .update())
        .isEqualTo(2_000);
    assertThat(subjectsSince(before))
        .containsExactlyInAnyOrder(service.id().value(), other.id().value());
  }

  @Test
  void objects_that_lose_their_holder_with_many_others_are_one_line_for_their_service() {
    parts(service, 1_500);
    long before = point();
    PORTS.users().delete(bob.id());

    assertThat(subjectsSince(before))
        .contains(service.id().value(), bob.id().value())
        .hasSizeLessThan(10);
  }

  /** Parts of {@code resp_0}, all held by Bob. */
  private void parts(Instance of, int number) {
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    insert into provider_objects (
                      service_id, kind, object_id, holder_user_id, maker_id, borrower_id,
                      made_with, bytes, state, parent)
                    select :service, :kind, 'msg_' || n, :bob, :bob, :bob, '{}', 1, 'live', 'resp_0'
                    from generate_series(1, :number) n
                    """)
                .param("service", of.id().value())
                .param("kind", name("msg_1").kind().wireName())
                .param("bob", bob.id().value())
                .param("number", number)
                .update())
        .isEqualTo(number);
  }

  @Test
  void the_ledger_moves_with_a_service_and_ends_with_it() {
    record(bob, "file-1");
    long before = point();
    PORTS.instances().delete(service.id());

    assertThat(subjectsSince(before)).contains(service.id().value());
    assertThat(rows("true")).isZero();
    assertThat(record(bob, "file-2")).isEqualTo(Recorded.GONE);
  }

  @Test
  void owners_list_what_is_live_and_end_it_so_that_it_is_deleted_at_the_provider() {
    record(bob, "file-1");
    record(eve, "file-2");
    record(bob, "file-3");

    assertThat(listed(Optional.empty())).containsExactly("file-3 bob", "file-2 eve", "file-1 bob");
    assertThat(listed(Optional.of(bob.handle()))).containsExactly("file-3 bob", "file-1 bob");
    assertThat(listed(Optional.of(new Handle("nobody")))).isEmpty();
    assertThat(stored.end(service.id(), name("file-2"), Optional.of(bob.id()))).isFalse();
    assertThat(stored.end(service.id(), name("file-2"), Optional.of(eve.id()))).isTrue();
    assertThat(stored.end(service.id(), name("file-2"), Optional.empty())).isFalse();
    assertThat(mayRead(eve, "file-2")).isFalse();
    assertThat(stored.serviceHolding(service.ref(), name("file-1"), bob.id()))
        .contains(service.id());
    assertThat(stored.serviceHolding(service.ref(), name("file-1"), eve.id())).isEmpty();
    assertThat(stored.serviceHolding(service.ref(), name("file-2"), eve.id())).isEmpty();
    assertThat(stored.servicesHolding(name("file-1"), bob.id())).containsExactly(service.id());
    assertThat(stored.servicesHolding(name("file-1"), eve.id())).isEmpty();
    assertThat(stored.servicesHolding(name("file-2"), eve.id())).isEmpty();
    assertThat(
            stored.recorded(
                service.id(), ObjectKind.FILES, List.of("file-1", "file-2", "made-elsewhere")))
        .containsExactlyInAnyOrder("file-1", "file-2");
    assertThat(stored.recorded(service.id(), ObjectKind.CACHES, List.of("file-1"))).isEmpty();

    assertThat(stored.anyToDelete()).isTrue();
    List<Removal> due = stored.takeDue(TEN, List.of(), Set.of());
    assertThat(stored.anyToDelete()).isTrue();
    assertThat(due).extracting(removal -> removal.name().id()).containsExactly("file-2");
    assertThat(stored.takeDue(TEN, List.of(), Set.of())).isEmpty();
    stored.giveBack(due);
    assertThat(stored.takeDue(TEN, List.of(), Set.of())).isEqualTo(due);
    assertThat(due.getFirst().whole()).isEmpty();
    assertThat(due.getFirst().why()).isEqualTo(EndReason.REQUEST);
    assertThat(due.getFirst().ref()).isEqualTo(service.ref());
    assertThat(stored.settle(due.getFirst(), ObjectState.DELETED)).isTrue();
    assertThat(stored.settle(due.getFirst(), ObjectState.LEFT)).isFalse();
    stored.giveBack(due);
    assertThat(rows("state = 'deleted' and retry_at is null")).isEqualTo(1);
    assertThat(stored.anyToDelete()).isFalse();
  }

  @Test
  void what_a_call_ended_that_may_still_be_there_is_due_to_be_deleted_and_makes_room_meanwhile() {
    record(bob, "resp_1");
    record(withParent(bob, "msg_1", "resp_1"));

    Ended ended = new Ended(service.id(), name("resp_1"), ObjectState.DELETING, Optional.empty());
    held.ended(ended).toCompletableFuture().join();

    assertThat(mayRead(bob, "resp_1")).isFalse();
    assertThat(holding(bob)).isEqualTo("0 0 0");
    assertThat(rows("state = 'deleted' and retry_at is null and object_id = 'msg_1'")).isOne();
    List<Removal> due = stored.takeDue(TEN, List.of(), Set.of());
    assertThat(due).extracting(removal -> removal.name().id()).containsExactly("resp_1");
    assertThat(due.getFirst().why()).isEqualTo(EndReason.REQUEST);
    assertThat(stored.settle(due.getFirst(), ObjectState.DELETED)).isTrue();
  }

  @Test
  void what_is_left_at_the_provider_is_nobodys_with_its_parts_and_is_never_due_to_be_deleted() {
    record(bob, "resp_1");
    record(withParent(bob, "msg_1", "resp_1"));
    record(withParent(eve, "msg_2", "resp_1"));

    assertThat(stored.leave(service.id(), name("resp_1"))).isTrue();
    assertThat(stored.leave(service.id(), name("resp_1"))).isFalse();
    assertThat(rows("state = 'left' and retry_at is null and end_reason is null")).isEqualTo(2);
    assertThat(rows("state = 'live' and object_id = 'msg_2'")).isEqualTo(1);
    assertThat(stored.takeDue(TEN, List.of(), Set.of())).isEmpty();
    assertThat(mayRead(bob, "resp_1")).isFalse();
    assertThat(holding(bob)).isEqualTo("0 0 0");
    assertThat(record(eve, "resp_1")).isEqualTo(Recorded.RECORDED);
  }

  @Test
  void a_batch_is_not_charged_while_its_reservation_is_open() {
    for (String id : List.of("batch_1", "batch_2", "batch_3")) {
      record(made(bob, ObjectKind.BATCHES, id, FIVE, 1));
      assertThat(stored.end(service.id(), new ObjectName(ObjectKind.BATCHES, id), Optional.empty()))
          .isTrue();
    }
    reserve("batch_1", "open");
    reserve("batch_2", "settled");

    assertThat(held.isUncharged(service.id(), batchName("batch_1"))).isTrue();
    assertThat(held.isUncharged(service.id(), batchName("batch_2"))).isFalse();
    assertThat(held.isUncharged(service.id(), batchName("batch_3"))).isFalse();
    assertThat(held.isUncharged(new Instance.Id(UUID.randomUUID()), batchName("batch_1")))
        .isFalse();
    assertThat(stored.takeDue(TEN, List.of(), Set.of()))
        .extracting(due -> due.name().id() + " " + due.isUncharged())
        .containsExactlyInAnyOrder("batch_1 true", "batch_2 false", "batch_3 false");
  }

  @Test
  void the_results_of_a_batch_wait_for_the_charge_before_they_are_deleted() {
    batch("batch_1");
    batch("batch_2");
    reserve("batch_1", "open");
    reserve("batch_2", "settled");
    record(made(bob, "file-1", Optional.empty()).comingWith(batchName("batch_1")));
    record(made(bob, "file-2", Optional.empty()).comingWith(batchName("batch_2")));
    record(bob, "file-3");

    assertThat(held.isUncharged(service.id(), name("file-1"))).isTrue();
    assertThat(held.isUncharged(service.id(), name("file-2"))).isFalse();
    assertThat(held.isUncharged(service.id(), name("file-3"))).isFalse();
    for (String id : List.of("file-1", "file-2", "file-3")) {
      assertThat(stored.end(service.id(), name(id), Optional.empty())).isTrue();
    }
    assertThat(stored.takeDue(TEN, List.of(), Set.of()))
        .extracting(due -> due.name().id() + " " + due.isUncharged())
        .containsExactlyInAnyOrder("file-1 true", "file-2 false", "file-3 false");
  }

  private static ObjectName batchName(String id) {
    return new ObjectName(ObjectKind.BATCHES, id);
  }

  private void reserve(String batch, String state) {
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    insert into batch_reservations (
                      id, service_id, batch_id, state, user_id, user_handle, service_ref, owner_id,
                      key_source, provider, path, accounts, models, quantities, accepted_at, ends_at,
                      due_at, checks, settled_at)
                    values (
                      gen_random_uuid(), :service, :batch, :state, :user, 'bob', 'alice/s', :user,
                      'central', 'openai', 'responses', '{}', '{m}', '{1,1,1,1,1,0,0}', now(),
                      now() + interval '1 day', case when :state = 'open' then now() end, 0,
                      case when :state = 'settled' then now() end)
                    """)
                .param("service", service.id().value())
                .param("batch", batch)
                .param("state", state)
                .param("user", bob.id().value())
                .update())
        .isEqualTo(1);
  }

  @Test
  void an_id_is_free_again_once_its_object_is_deleted_and_nobody_uses_it_before() {
    record(bob, "file-1");
    assertThat(stored.end(service.id(), name("file-1"), Optional.empty())).isTrue();

    assertThat(record(bob, "file-1")).isEqualTo(Recorded.ENDING);
    assertThat(record(made(bob, "file-1", Optional.empty()).orphaned()))
        .isEqualTo(Recorded.RECORDED);
    assertThat(mayRead(bob, "file-1")).isFalse();
    ObjectCaller owner = caller(alice, holder(alice), true);
    assertThat(held.decide(service.id(), owner, List.of(read("file-1"))).isAllowed()).isFalse();
    fresh.set(true);
    assertThat(held.decideAtOnce(service.id(), owner, List.of(read("file-1")))).isEmpty();

    Removal due = stored.takeDue(TEN, List.of(), Set.of()).getFirst();
    assertThat(stored.settle(due, ObjectState.DELETED)).isTrue();
    assertThat(record(eve, "file-1")).isEqualTo(Recorded.RECORDED);
    assertThat(stored.settle(due, ObjectState.DELETED)).isFalse();
    assertThat(mayRead(eve, "file-1")).isTrue();
    assertThat(stored.takeDue(TEN, List.of(), Set.of())).isEmpty();
  }

  @Test
  void what_is_due_is_taken_a_few_at_a_time_and_from_each_service() {
    Instance other = PORTS.stored(AnInstance.of(alice, "other").build());
    ObjectQuota many = new ObjectQuota(1_000, 1_000_000);
    for (int i = 0; i < 6; i++) {
      record(made(bob, ObjectKind.FILES, "file-" + i, many, 1));
      assertThat(stored.end(service.id(), name("file-" + i), Optional.empty())).isTrue();
    }
    NewObject there = made(bob, "file-9", Optional.empty()).orphaned();
    record(in(other, there));

    assertThat(stored.takeDue(new Places(10, 2, 10), List.of(), Set.of()))
        .extracting(due -> due.name().id())
        .containsExactlyInAnyOrder("file-0", "file-1", "file-9");
    assertThat(stored.takeDue(new Places(10, 2, 10), List.of(), Set.of(service.id()))).isEmpty();
    assertThat(stored.takeDue(new Places(1, 2, 10), List.of(), Set.of(other.id())))
        .extracting(due -> due.name().id())
        .containsExactly("file-2");
    assertThat(stored.takeOverdue(10)).isEmpty();
    assertThat(PORTS.sql().sql("update provider_objects set retry_until = now()").update())
        .isEqualTo(7);
    assertThat(stored.takeDue(TEN, List.of(), Set.of())).isEmpty();
    assertThat(stored.takeOverdue(10)).hasSize(7);
    assertThat(stored.takeOverdue(10)).isEmpty();
  }

  @Test
  void objects_that_ended_while_the_clock_was_ahead_are_deleted_in_time_and_not_all_the_time() {
    record(made(bob, "file-1", Optional.empty()));
    assertThat(stored.end(service.id(), name("file-1"), Optional.empty())).isTrue();
    age(-100_000);
    assertThat(stored.takeDue(TEN, List.of(), Set.of())).isEmpty();

    int unused = stored.sweep();

    assertThat(stored.takeDue(TEN, List.of(), Set.of())).hasSize(1);
    assertThat(stored.takeDue(TEN, List.of(), Set.of())).isEmpty();
    unused = stored.sweep();
    assertThat(stored.takeDue(TEN, List.of(), Set.of())).isEmpty();
  }

  @Test
  void services_of_one_owner_take_only_a_part_of_the_places() {
    ObjectQuota many = new ObjectQuota(1_000, 1_000_000);
    for (Instance of :
        List.of(
            service,
            PORTS.stored(AnInstance.of(alice, "other").build()),
            PORTS.stored(AnInstance.of(alice, "third").build()),
            PORTS.stored(AnInstance.of(eve, "of-eve").build()))) {
      for (int i = 0; i < 4; i++) {
        record(in(of, made(bob, ObjectKind.FILES, "file-" + i, many, 1)));
        assertThat(stored.end(of.id(), name("file-" + i), Optional.empty())).isTrue();
      }
    }

    List<Removal> first = stored.takeDue(new Places(10, 2, 3), List.of(), Set.of());

    assertThat(first)
        .extracting(Removal::owner)
        .containsExactlyInAnyOrder(alice.id(), alice.id(), alice.id(), eve.id(), eve.id());
    assertThat(stored.takeDue(new Places(10, 2, 3), first, Set.of())).isEmpty();
    assertThat(stored.takeDue(new Places(7, 2, 4), first, Set.of()))
        .extracting(Removal::owner)
        .containsExactly(alice.id());
    assertThat(stored.takeDue(new Places(5, 2, 10), first, Set.of())).isEmpty();
    List<Removal> eves = first.stream().filter(due -> due.owner().equals(eve.id())).toList();
    assertThat(stored.takeDue(new Places(3, 2, 10), eves, Set.of())).hasSize(1);
  }

  private static NewObject in(Instance other, NewObject made) {
    return new NewObject(
        other.id(),
        made.name(),
        made.caller(),
        made.quota(),
        made.mostResponses(),
        made.state(),
        made.expiresAt(),
        made.bytes(),
        made.parent(),
        made.purpose(),
        made.replaced(),
        made.whole(),
        made.origin());
  }

  @Race.Repeated
  void each_object_is_taken_by_one_of_many_nodes() {
    ObjectQuota many = new ObjectQuota(1_000, 1_000_000);
    for (int i = 0; i < 5; i++) {
      record(made(bob, ObjectKind.FILES, "file-" + i, many, 1));
      assertThat(stored.end(service.id(), name("file-" + i), Optional.empty())).isTrue();
    }

    List<String> taken =
        many(
            n ->
                stored.takeDue(new Places(2, 2, 2), List.of(), Set.of()).stream()
                    .map(due -> due.name().id())
                    .collect(Collectors.joining(" ")));

    assertThat(String.join(" ", taken).trim().split(" +"))
        .containsExactlyInAnyOrder("file-0", "file-1", "file-2", "file-3", "file-4");
  }

  @Race.Repeated
  void many_make_list_end_and_remove_the_same_ids() {
    many(
        n -> {
          User user = n % 2 == 0 ? bob : eve;
          String id = "file-" + n % 3;
          Recorded made = record(user, id);
          boolean ended = stored.end(service.id(), name(id), Optional.of(user.id()));
          for (Removal due : stored.takeDue(new Places(2, 2, 2), List.of(), Set.of())) {
            assertThat(mayRead(bob, due.name().id()) || mayRead(eve, due.name().id())).isFalse();
            assertThat(stored.settle(due, ObjectState.DELETED)).isTrue();
          }
          return made + " " + ended;
        });

    stored
        .takeDue(new Places(100, 100, 100), List.of(), Set.of())
        .forEach(due -> stored.settle(due, ObjectState.DELETED));
    assertThat(rows("state = 'deleting'")).isZero();
    assertThat(rows("state = 'live'"))
        .isEqualTo(
            PORTS.sql().sql("select sum(objects) from object_holdings").query(Long.class).single());
  }

  @Test
  void parts_end_with_the_whole_of_their_holder_alone() {
    record(bob, "resp_1");
    record(withParent(bob, "msg_1", "resp_1"));
    record(withParent(eve, "msg_2", "resp_1"));
    record(bob, "resp_2");
    record(withParent(bob, "msg_3", "resp_2"));

    assertThat(stored.end(service.id(), name("resp_1"), Optional.empty())).isTrue();
    assertThat(find("msg_1")).isEmpty();
    assertThat(find("msg_2")).isPresent();
    assertThat(stored.end(service.id(), name("msg_3"), Optional.empty())).isTrue();
    assertThat(stored.takeDue(TEN, List.of(), Set.of()))
        .extracting(due -> due.name().id() + due.whole().orElse(""))
        .containsExactlyInAnyOrder("resp_1", "msg_3resp_2");
  }

  @Test
  void many_objects_of_a_user_leave_together() {
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    insert into provider_objects (
                      service_id, kind, object_id, holder_user_id, maker_id, borrower_id,
                      made_with, bytes, state)
                    select :service, 'files', 'file-' || n, :bob, :bob, :bob, '{}', 1, 'live'
                    from generate_series(1, 3000) n
                    """)
                .param("service", service.id().value())
                .param("bob", bob.id().value())
                .update())
        .isEqualTo(3_000);
    record(made(bob, ObjectKind.RESPONSES, "resp_1", new ObjectQuota(3_000, 3_000), 0));
    record(withParent(bob, "msg_1", "resp_1"));
    assertThat(holding(bob)).isEqualTo("3000 2 3000");
    assertThat(PORTS.sql().sql("update instances set on_end = 'delete'").update()).isPositive();

    // A part is counted unless an earlier round ended its whole, and the rounds are in no order.
    assertThat(stored.sweep()).isBetween(3_001, 3_002);
    assertThat(rows("state in ('deleting', 'deleted')")).isEqualTo(3_002);
    assertThat(holding(bob)).isEqualTo("0 0 0");
    assertThat(record(bob, "resp_2")).isEqualTo(Recorded.RECORDED);
    assertThat(record(withParent(bob, "msg_2", "resp_2"))).isEqualTo(Recorded.RECORDED);
    PORTS.users().delete(bob.id());
    assertThat(holding(bob)).isEqualTo("0 0 0");
    assertThat(rows("state = 'deleting' and end_reason = 'share_end'")).isEqualTo(3_002);
    assertThat(rows("state = 'deleted' and object_id in ('msg_1', 'msg_2')")).isEqualTo(2);
  }

  @Test
  void shared_objects_are_for_those_named_and_never_what_somebody_else_holds() {
    record(bob, "file-1");
    assertThat(share("file-1", Optional.empty())).isEqualTo(Sharing.HELD);
    assertThat(share("file-9", Optional.of(Set.of(GranteeName.of("nobody")))))
        .isEqualTo(Sharing.UNKNOWN_BORROWER);
    assertThat(share("file-9", Optional.of(Set.of(GranteeName.of("bob")))))
        .isIn(Sharing.CREATED, Sharing.CHANGED);

    assertThat(mayRead(bob, "file-9")).isTrue();
    assertThat(mayRead(eve, "file-9")).isFalse();
    assertThat(share("file-9", Optional.empty())).isEqualTo(Sharing.CHANGED);
    assertThat(mayRead(eve, "file-9")).isTrue();
    assertThat(stored.listShared(service.id(), Optional.empty(), 10)).hasSize(1);
    assertThat(stored.listShared(service.id(), Optional.of(name("file-8")), 10)).hasSize(1);
    assertThat(stored.listShared(service.id(), Optional.of(name("file-9")), 10)).isEmpty();
    assertThat(stored.unshare(service.id(), name("file-9"))).isTrue();
    assertThat(mayRead(eve, "file-9")).isFalse();
  }

  @Test
  void what_a_co_owner_shares_is_shared_while_they_hold_it() {
    record(bob, "file-1");
    record(eve, "file-2");
    assertThat(share(eve, false, "file-1", Optional.empty())).isEqualTo(Sharing.HELD);
    assertThat(share(eve, false, "file-2", Optional.empty())).isEqualTo(Sharing.CREATED);
    assertThat(mayRead(bob, "file-2")).isTrue();

    assertThat(stored.leave(service.id(), name("file-1"))).isTrue();
    assertThat(stored.leave(service.id(), name("file-2"))).isTrue();

    assertThat(mayRead(bob, "file-2")).isFalse();
    for (String id : List.of("file-1", "file-2", "made-elsewhere")) {
      assertThat(share(eve, false, id, Optional.empty())).isEqualTo(Sharing.NOBODYS);
    }
    assertThat(mayRead(eve, "file-1")).isFalse();
    assertThat(share("file-2", Optional.empty())).isEqualTo(Sharing.CHANGED);
    assertThat(mayRead(bob, "file-2")).isTrue();
  }

  @Test
  void what_ended_is_swept_and_a_service_may_delete_what_leavers_stored() {
    record(made(bob, "file-1", Optional.of(Instant.now().minusSeconds(1))));
    record(eve, "file-2");
    record(alice, "file-3");
    assertThat(stored.sweep()).isEqualTo(1);
    assertThat(find("file-2")).isPresent();

    assertThat(PORTS.sql().sql("update instances set on_end = 'delete'").update()).isPositive();
    assertThat(stored.sweep()).isEqualTo(1);

    assertThat(find("file-2")).isEmpty();
    assertThat(find("file-3")).isPresent();
    assertThat(stored.takeDue(TEN, List.of(), Set.of())).hasSize(1);
    age(29 * 86_400);
    assertThat(stored.sweep()).isZero();
    age(3 * 86_400);
    assertThat(stored.sweep()).isEqualTo(2);
    assertThat(rows("true")).isEqualTo(1);
  }

  @Test
  void the_sweep_leaves_what_those_stored_who_may_still_use_the_service() {
    Instance other = PORTS.stored(AnInstance.of(alice, "other").build());
    Instance keeping = PORTS.stored(AnInstance.of(alice, "keeping").build());
    User carol = PORTS.stored(AUser.called("carol").build());
    User dave = PORTS.stored(AUser.called("dave").build());
    Group team = AGroup.called("team");
    PORTS.groups().insert(team);
    PORTS
        .groups()
        .putMember(
            team.id(), new GroupMember(dave.id(), dave.handle(), GroupRole.MEMBER, Instant.EPOCH));
    Instant past = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.MICROS);
    give(service, AShare.with(bob).expiresAt(past.plus(Duration.ofDays(9))));
    give(service, AShare.with(team));
    give(service, AShare.with(carol).expiresAt(past));
    give(other, AShare.with(eve));
    Project ofBob = AProject.of(bob, "p").using(service).build();
    Project ofEve = AProject.of(eve, "q").using(service).build();
    PORTS.projects().insert(ofBob);
    PORTS.projects().insert(ofEve);
    record(bob, "file-bob");
    record(dave, "file-dave");
    record(alice, "file-alice");
    record(in(other, made(eve, "file-other", Optional.empty())));
    record(in(keeping, made(eve, "file-keeping", Optional.empty())));
    record(made(caller(carol, ObjectHolder.project(ofBob.id().value()), false), "file-of-bob"));
    record(eve, "gone-eve");
    record(carol, "gone-carol");
    record(made(caller(bob, ObjectHolder.project(ofEve.id().value()), false), "gone-of-eve"));
    int deleting =
        PORTS
            .sql()
            .sql("update instances set on_end = 'delete' where handle in ('s', 'other')")
            .update();
    assertThat(deleting).isEqualTo(2);

    assertThat(stored.sweep()).isEqualTo(3);

    assertThat(rows("state = 'deleting' and object_id like 'gone-%'")).isEqualTo(3);
    assertThat(rows("state = 'live' and object_id like 'file-%'")).isEqualTo(6);
  }

  private void give(Instance of, AShare share) {
    PORTS.shares().insert(of.id(), share.build(), alice.id());
  }

  @Test
  void the_account_of_one_service_is_changed_alone() {
    Instance here = service;
    Instance other = PORTS.stored(AnInstance.of(alice, "other").build());
    ProviderAccounts accounts = PORTS.providerAccounts();
    record(in(other, made(bob, "file-1", Optional.empty())));
    record(made(bob, "file-2", Optional.of(Instant.now().minusSeconds(1))));
    assertThat(accounts.holdsObjects(here.id())).isFalse();
    assertThat(accounts.holdsObjects(other.id())).isTrue();
    share("file-9", Optional.empty());
    assertThat(accounts.holdsObjects(here.id())).isTrue();
    service = other;
    share("file-9", Optional.empty());

    assertThat(accounts.change(here.id())).isPositive();

    assertThat(accounts.holdsObjects(here.id())).isFalse();
    assertThat(stored.listShared(here.id(), Optional.empty(), 9)).isEmpty();
    assertThat(stored.listShared(other.id(), Optional.empty(), 9)).hasSize(1);
    assertThat(stored.unshare(other.id(), name("file-9"))).isTrue();
    assertThat(accounts.holdsObjects(other.id())).isTrue();
    assertThat(
            PORTS
                .sql()
                .sql(
                    "select handle from instances where account <> (select min(account) from"
                        + " instances)")
                .query(String.class)
                .list())
        .containsExactly("s");
  }

  @Test
  void nobody_leaves_a_service_that_everybody_may_use_through_a_project() {
    Project project = AProject.of(alice, "p").using(service).build();
    PORTS.projects().insert(project);
    record(eve, "file-1");
    assertThat(PORTS.sql().sql("update instances set on_end = 'delete'").update()).isPositive();
    open(project, "everybody");
    assertThat(stored.sweep()).isZero();
    assertThat(find("file-1")).isPresent();

    open(project, "members");
    assertThat(stored.sweep()).isEqualTo(1);
    assertThat(find("file-1")).isEmpty();
  }

  @Test
  void whoever_stores_through_an_open_project_does_not_learn_which_service_that_is() {
    PORTS.projects().insert(AProject.of(alice, "hidden").using(service).build());
    Project project = AProject.of(alice, "p").using(service).build();
    PORTS.projects().insert(project);
    open(project, "everybody");
    ObjectCaller own = caller(eve, holder(eve), false);
    ObjectCaller through =
        new ObjectCaller(
            own.user(),
            own.holder(),
            false,
            false,
            alice.id().value(),
            Optional.empty(),
            own.token(),
            false,
            1);
    record(made(through, name("file-1")));
    record(made(own, name("file-2")));

    List<ListedObject> seen = stored.list(heldBy(eve), Optional.empty(), 10, Instant.now());
    assertThat(seen)
        .extracting(each -> each.object().name().id() + " " + each.serviceName().orElseThrow())
        .containsExactly("file-2 alice/s", "file-1 alice/p");
    assertThat(seen.getLast().service()).isEmpty();
    assertThat(PORTS.storedObjects(service, Optional.empty()))
        .extracting(each -> each.serviceName().orElseThrow())
        .containsExactly("alice/s", "alice/s");

    open(project, "members");
    assertThat(stored.list(heldBy(eve), Optional.empty(), 10, Instant.now()))
        .extracting(each -> each.serviceName().orElse("unknown"))
        .containsExactly("alice/s", "unknown");
  }

  private static StoredObjectStore.Question heldBy(User user) {
    return new StoredObjectStore.Question(
        Optional.empty(),
        Optional.of(user.id()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private void open(Project project, String visibility) {
    assertThat(
            PORTS
                .sql()
                .sql("update projects set visibility = :visibility where id = :id")
                .param("visibility", visibility)
                .param("id", project.id().value())
                .update())
        .isEqualTo(1);
  }

  private List<String> listed(Optional<Handle> maker) {
    return PORTS.storedObjects(service, maker).stream()
        .map(o -> o.object().name().id() + " " + o.holder().orElse("nobody"))
        .toList();
  }

  private Sharing share(String id, Optional<Set<GranteeName>> borrowers) {
    return share(alice, true, id, borrowers);
  }

  private Sharing share(
      User by, boolean ofAccount, String id, Optional<Set<GranteeName>> borrowers) {
    return stored.share(
        service.id(),
        name(id),
        new Terms(SharedObject.Access.READ, borrowers, Field.absent()),
        by.id(),
        ofAccount,
        Instant.now());
  }

  private long point() {
    return PORTS.sql().sql("select point from change_counter").query(Long.class).single();
  }

  private Set<UUID> subjectsSince(long point) {
    return Set.copyOf(
        PORTS
            .sql()
            .sql("select subject from changes where point > :point")
            .param("point", point)
            .query(UUID.class)
            .list());
  }

  private Recorded record(User user, String id) {
    return record(made(user, id, Optional.empty()));
  }

  private Recorded record(NewObject made) {
    return held.record(made).toCompletableFuture().join();
  }

  private void end(String id) {
    ledger.end(List.of(new Ended(service.id(), name(id), ObjectState.DELETED, Optional.empty())));
  }

  private boolean mayRead(User user, String id) {
    return held.decide(service.id(), caller(user, holder(user), false), List.of(read(id)))
        .isAllowed();
  }

  private Optional<ProviderObject> find(String id) {
    return ledger
        .find(service.id(), eve.id(), List.of(name(id)))
        .getFirst()
        .object()
        .filter(object -> object.state() == ObjectState.LIVE);
  }

  private NewObject made(User user, String id, Optional<Instant> expiry) {
    return new NewObject(
        service.id(),
        name(id),
        caller(user, holder(user), false),
        FIVE,
        expiry,
        10,
        Optional.empty(),
        Optional.empty());
  }

  private NewObject made(User user, ObjectKind kind, String id, ObjectQuota quota, long bytes) {
    return new NewObject(
        service.id(),
        new ObjectName(kind, id),
        caller(user, holder(user), false),
        quota,
        Optional.empty(),
        bytes,
        Optional.empty(),
        Optional.empty());
  }

  private NewObject made(ObjectCaller caller, String id) {
    return made(caller, name(id));
  }

  private NewObject made(ObjectCaller caller, ObjectName name) {
    return new NewObject(
        service.id(), name, caller, FIVE, Optional.empty(), 10, Optional.empty(), Optional.empty());
  }

  private NewObject withParent(User user, String id, String parent) {
    return new NewObject(
        service.id(),
        name(id),
        caller(user, holder(user), false),
        FIVE,
        Optional.empty(),
        0,
        Optional.of(parent),
        Optional.empty());
  }

  private NewObject response(User user, String id, int most) {
    return new NewObject(
        service.id(),
        name(id),
        caller(user, holder(user), false),
        FIVE,
        most,
        ObjectState.LIVE,
        Optional.empty(),
        10,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private ObjectCaller caller(User user, ObjectHolder holder, boolean owns) {
    return new ObjectCaller(
        user.id().value(),
        holder,
        false,
        owns,
        user.id().value(),
        Optional.empty(),
        token.id().value(),
        false,
        1);
  }

  private static ObjectHolder holder(User user) {
    return ObjectHolder.user(user.id().value());
  }

  private static ObjectName name(String id) {
    return new ObjectName(
        id.startsWith("resp_") || id.startsWith("msg_") ? ObjectKind.RESPONSES : ObjectKind.FILES,
        id);
  }

  private static ObjectUse read(String id) {
    return new ObjectUse(name(id), ObjectAction.READ, OwnObjects.ALL);
  }

  private Wanted wanted(User user) {
    return new Wanted(
        Set.of(service.id()),
        holder(user),
        Optional.empty(),
        ObjectKind.FILES,
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static List<String> ids(Optional<HeldObjects.ObjectPage> page) {
    return page.orElseThrow().objects().stream().map(o -> o.name().id()).toList();
  }

  private String holding(User user) {
    return PORTS
        .sql()
        .sql(
            """
            select coalesce(max(concat_ws(' ', objects, responses, bytes)), '0 0 0')
            from object_holdings where borrower_id = :user
            """)
        .param("user", user.id().value())
        .query(String.class)
        .single();
  }

  private static long rows(String condition) {
    return PORTS
        .sql()
        .sql("select count(*) from provider_objects where " + condition)
        .query(Long.class)
        .single();
  }
}
