package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.MANY;
import static io.claviger.persistence.ConcurrentAttempts.count;
import static io.claviger.persistence.ConcurrentAttempts.many;
import static io.claviger.persistence.ConcurrentAttempts.whileUncommitted;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.batches.port.BatchLedger.SettledBatch;
import io.claviger.application.builders.AGroup;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.instances.port.ProviderAccounts;
import io.claviger.application.objects.HeldObjects;
import io.claviger.application.objects.HeldObjects.ObjectUse;
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
import io.claviger.application.objects.port.StoredObjectStore.Sharing;
import io.claviger.application.objects.port.StoredObjectStore.Terms;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.User;
import io.claviger.domain.batches.BatchRefusal;
import io.claviger.domain.batches.BatchTools;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.batches.ModelUse;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.instances.Instance;
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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who holds which objects, and 16 threads that make, list and end them. */
final class ObjectLedgerTest extends ObjectLedgerFixture {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();

  ObjectLedgerTest() {
    super(PORTS);
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

  /** An id of random characters can't be compressed, but has to fit into an index. */
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

  /** Returns the last uses, those of the latest object first. */
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
    SharedQuotaTest.assertCounted(PORTS.sql());
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
    SharedQuotaTest.assertCounted(PORTS.sql());
    assertThat(rows("object_id like 'file-%'")).isEqualTo(2);
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
    SharedQuotaTest.assertCounted(PORTS.sql());
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
    SharedQuotaTest.assertCounted(PORTS.sql());
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

    SharedQuotaTest.assertCounted(PORTS.sql());
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
  void a_list_goes_on_after_an_object_of_the_caller_that_has_ended_meanwhile() {
    ObjectCaller otherToken =
        RecordCopy.with(caller(bob, holder(bob), false), "token", new UUID(7, 7));
    for (int i = 0; i < 3; i++) {
      record(bob, "file-" + i);
    }
    record(made(bob, "file-old", Optional.of(Instant.now().minusSeconds(1))));
    record(made(otherToken, "file-token"));
    record(eve, "file-eve");
    record(
        RecordCopy.with(made(bob, "file-orphan", Optional.empty()), "state", ObjectState.ORPHAN));
    record(bob, "file-last");
    assertThat(ids(held.list(wanted(bob), Optional.empty(), true, 2)))
        .containsExactly("file-0", "file-1");
    end("file-0");
    end("file-1", ObjectState.DELETING);
    end("file-eve");

    for (String ended : List.of("file-0", "file-1")) {
      assertThat(ids(held.list(wanted(bob), Optional.of(ended), true, 2)))
          .as(ended)
          .containsExactly("file-2", "file-token");
    }
    assertThat(ids(held.list(wanted(bob), Optional.of("file-1"), false, 2))).isEmpty();
    assertThat(ids(held.list(wanted(bob), Optional.of("file-old"), false, 1)))
        .containsExactly("file-2");
    end("file-token", ObjectState.EXPIRED);
    assertThat(ids(held.list(wanted(bob), Optional.of("file-token"), true, 2)))
        .containsExactly("file-last");
    Wanted confined = RecordCopy.with(wanted(bob), "confinedTo", Optional.of(token.id().value()));
    assertThat(held.list(confined, Optional.of("file-token"), true, 2)).isEmpty();
    assertThat(held.list(wanted(bob), Optional.of("file-eve"), true, 2)).isEmpty();
    assertThat(held.list(wanted(bob), Optional.of("file-orphan"), true, 2)).isEmpty();
    Wanted batches = RecordCopy.with(wanted(bob), "kind", ObjectKind.BATCHES);
    assertThat(held.list(batches, Optional.of("file-0"), true, 2)).isEmpty();

    record(bob, "file-0"); // the provider gives the id again
    assertThat(ids(held.list(wanted(bob), Optional.of("file-0"), true, 2))).isEmpty();
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

  @Test
  void a_transfer_of_a_project_changes_for_whom_its_live_objects_count_and_nothing_else() {
    Project project = AProject.of(bob, "p").using(service).build();
    PORTS.projects().insert(project);
    Project other = AProject.of(bob, "q").using(service).build();
    PORTS.projects().insert(other);
    ObjectCaller member = caller(bob, ObjectHolder.project(project.id().value()), false);
    for (String id : List.of("file-live", "file-ended", "file-left", "file-nobodys")) {
      assertThat(record(made(member, id))).isEqualTo(Recorded.RECORDED);
    }
    assertThat(
            record(
                made(caller(bob, ObjectHolder.project(other.id().value()), false), "file-other")))
        .isEqualTo(Recorded.RECORDED);
    end("file-ended");
    assertThat(stored.leave(service.id(), name("file-left"))).isTrue();
    int nobodys =
        PORTS
            .sql()
            .sql("update provider_objects set borrower_id = null where object_id = 'file-nobodys'")
            .update();
    assertThat(nobodys).isEqualTo(1);

    transfer(project, eve);

    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    select o.object_id || ' ' || coalesce(u.handle, 'nobody') from provider_objects o
                    left join users u on u.id = o.borrower_id
                    order by o.object_id
                    """)
                .query(String.class)
                .list())
        .containsExactly(
            "file-ended bob",
            "file-left bob",
            "file-live eve",
            "file-nobodys nobody",
            "file-other bob");
    assertThat(holding(bob)).isEqualTo("1 0 10");
    assertThat(holding(eve)).isEqualTo("1 0 10");
    SharedQuotaTest.assertCounted(PORTS.sql());
  }

  @Test
  void an_object_that_changes_while_its_project_is_transferred_counts_for_the_new_owner() {
    Project project = AProject.of(bob, "p").using(service).build();
    PORTS.projects().insert(project);
    ObjectCaller member = caller(bob, ObjectHolder.project(project.id().value()), false);
    assertThat(record(made(member, "file-1"))).isEqualTo(Recorded.RECORDED);
    assertThat(record(made(member, "file-2"))).isEqualTo(Recorded.RECORDED);

    assertThat(
            whileUncommitted(
                PORTS,
                () ->
                    assertThat(
                            PORTS
                                .database()
                                .jdbc()
                                .sql(
                                    "update provider_objects set bytes = 20 where object_id = 'file-1'")
                                .update())
                        .isEqualTo(1),
                () -> transfer(project, eve)))
        .isTrue();

    assertThat(holding(eve)).isEqualTo("2 0 30");
    assertThat(holding(bob)).isEqualTo("0 0 0");
    SharedQuotaTest.assertCounted(PORTS.sql());
  }

  @Test
  void a_project_that_is_transferred_while_somebody_becomes_responsible_counts_for_them() {
    User bot = PORTS.stored(AUser.called("bot").serviceAccountOf(alice).build());
    Project project = AProject.of(bob, "p").using(service).build();
    PORTS.projects().insert(project);
    ObjectCaller member = caller(bob, ObjectHolder.project(project.id().value()), false);
    assertThat(record(made(member, "file-1"))).isEqualTo(Recorded.RECORDED);

    assertThat(
            whileUncommitted(
                PORTS,
                () -> PORTS.users().replaceResponsible(alice.id(), eve.id(), Instant.now()),
                () -> transfer(project, bot)))
        .isTrue();

    assertThat(holding(eve)).isEqualTo("1 0 10");
    assertThat(holding(alice)).isEqualTo("0 0 0");
    SharedQuotaTest.assertCounted(PORTS.sql());
  }

  /** Nobody calls through the project when the results are recorded. */
  @Test
  void results_that_are_recorded_while_the_project_of_their_batch_moves_count_for_the_new_owner() {
    Project project = AProject.of(bob, "p").using(service).build();
    PORTS.projects().insert(project);
    ObjectCaller member = caller(bob, ObjectHolder.project(project.id().value()), false);
    assertThat(record(made(member, new ObjectName(ObjectKind.BATCHES, "batch_1"))))
        .isEqualTo(Recorded.RECORDED);

    assertThat(
            whileUncommitted(
                PORTS, () -> transferIn(project, eve), () -> keepResults("batch_1", "file-out")))
        .isTrue();

    assertThat(holding(eve)).isEqualTo("2 0 10");
    assertThat(holding(bob)).isEqualTo("0 0 0");
    SharedQuotaTest.assertCounted(PORTS.sql());
  }

  @Race.Repeated
  void what_is_stored_changed_and_ended_while_its_project_moves_counts_for_the_new_owner() {
    Project project = AProject.of(bob, "p").using(service).build();
    PORTS.projects().insert(project);
    ObjectCaller member = caller(bob, ObjectHolder.project(project.id().value()), false);
    ObjectName batch = new ObjectName(ObjectKind.BATCHES, "batch_1");
    assertThat(record(made(member, batch))).isEqualTo(Recorded.RECORDED);
    for (String id : List.of("file-a", "file-b", "file-c")) {
      assertThat(record(made(member, id))).isEqualTo(Recorded.RECORDED);
    }

    List<String> outcomes =
        many(
            n -> {
              switch (n) {
                case 0 -> transfer(project, eve);
                case 1, 2, 3 -> keepResults("batch_1", "file-out-" + n);
                case 4, 5, 6 -> end("file-" + "abc".charAt(n - 4));
                case 7, 8, 9 -> state("file-" + "abc".charAt(n - 7), Optional.empty(), 20);
                default -> {
                  return record(made(member, "resp_" + n)).name();
                }
              }
              return "done";
            });

    assertThat(outcomes).isSubsetOf("done", "RECORDED");
    assertThat(holding(bob)).isEqualTo("0 0 0");
    assertThat(
            rows(
                "state = 'live' and borrower_id is distinct from (select p.owner_id from projects p)"))
        .isZero();
    SharedQuotaTest.assertCounted(PORTS.sql());
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
    transfer(PORTS.sql(), project, receiver);
  }

  /** Transfers the project in a transaction that has already begun. */
  private static void transferIn(Project project, User receiver) {
    transfer(PORTS.database().jdbc(), project, receiver);
  }

  private static void transfer(JdbcClient sql, Project project, User receiver) {
    int moved =
        sql.sql("update projects set owner_id = :owner, owner_handle = :handle where id = :id")
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
  void the_sharing_of_an_object_ends_with_the_last_of_its_borrowers() {
    User dan = PORTS.stored(AUser.called("dan").build());
    Group crew = AGroup.called("crew");
    PORTS.groups().insert(crew);
    share("file-1", Optional.of(Set.of(GranteeName.of("dan"), GranteeName.of("@crew"))));
    share("file-2", Optional.of(Set.of(GranteeName.of("dan"), GranteeName.of("bob"))));
    share("file-3", Optional.empty());

    PORTS.groups().delete(crew.id());
    assertThat(sharedIds()).containsExactly("file-1", "file-2", "file-3");
    deleteUser(dan);

    assertThat(sharedIds()).containsExactly("file-2", "file-3");
    assertThat(stored.findShared(service.id(), name("file-1"))).isEmpty();
    assertThat(share("file-1", Optional.empty())).isEqualTo(Sharing.CREATED);
  }

  private static void deleteUser(User user) {
    boolean unused =
        PORTS
            .transactions()
            .inTransaction(
                () -> {
                  PORTS.users().delete(user.id());
                  return true;
                });
  }

  @Race.Repeated
  void no_object_stays_shared_with_nobody_when_its_borrowers_are_deleted_at_once() {
    List<Group> groups = IntStream.range(0, 16).mapToObj(n -> AGroup.called("crew-" + n)).toList();
    groups.forEach(PORTS.groups()::insert);
    Set<GranteeName> borrowers =
        groups.stream().map(group -> GranteeName.group(group.handle())).collect(Collectors.toSet());
    assertThat(share("file-1", Optional.of(borrowers))).isEqualTo(Sharing.CREATED);

    List<Boolean> done =
        Race.of(
            groups.size(),
            n ->
                PORTS
                    .transactions()
                    .inTransaction(
                        () -> {
                          PORTS.groups().delete(groups.get(n).id());
                          return true;
                        }),
            1);

    assertThat(done).hasSize(groups.size());
    assertThat(sharedIds()).isEmpty();
  }

  private List<String> sharedIds() {
    return stored.listShared(service.id(), Optional.empty(), 10).stream()
        .map(lent -> lent.name().id())
        .toList();
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

  private void end(String id) {
    end(id, ObjectState.DELETED);
  }

  private void end(String id, ObjectState how) {
    ledger.end(List.of(new Ended(service.id(), name(id), how, Optional.empty())));
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
}
