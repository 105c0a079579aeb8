package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.objects.HeldObjects;
import io.claviger.application.objects.HeldObjects.ObjectUse;
import io.claviger.application.objects.ObjectUses;
import io.claviger.application.objects.RememberedObjects;
import io.claviger.application.objects.port.ObjectLedger.NewObject;
import io.claviger.application.objects.port.ObjectLedger.Recorded;
import io.claviger.application.objects.port.ObjectLedger.Wanted;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.Isolation.OwnObjects;
import io.claviger.domain.objects.ObjectAction;
import io.claviger.domain.objects.ObjectCaller;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectQuota;
import io.claviger.domain.objects.ObjectState;
import io.claviger.domain.objects.ProviderObject;
import io.claviger.domain.projects.Project;
import io.claviger.persistence.batches.JdbcBatchLedger;
import io.claviger.persistence.objects.JdbcObjectLedger;
import io.claviger.persistence.objects.JdbcObjectRemovals;
import io.claviger.persistence.objects.JdbcStoredObjects;
import io.claviger.persistence.shared.UuidV7Ids;
import io.claviger.persistence.usage.JdbcUsageBooks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;

/** A ledger of stored objects with a service, its owner and two borrowers. */
@SuppressWarnings("NullAway.Init") // set before each test
abstract class ObjectLedgerFixture {
  private final PostgresPorts ports;
  static final ObjectQuota FIVE = new ObjectQuota(5, 1_000);
  final JdbcObjectLedger ledger;
  final JdbcStoredObjects stored;
  final JdbcObjectRemovals removals;
  final AtomicBoolean fresh = new AtomicBoolean();
  final RememberedObjects remembered = new RememberedObjects(fresh::get);
  final ObjectUses uses;
  final HeldObjects held;
  User alice;
  User bob;
  User eve;
  AccessToken token;
  Instance service;

  ObjectLedgerFixture(PostgresPorts ports) {
    this.ports = ports;
    ledger =
        new JdbcObjectLedger(
            ports.database(), new UuidV7Ids(InstantSource.system()), InstantSource.system());
    stored = new JdbcStoredObjects(ports.database());
    removals = new JdbcObjectRemovals(ports.database());
    uses = new ObjectUses(stored);
    held = HeldObjects.of(ledger, remembered, uses, InstantSource.system());
  }

  @BeforeEach
  final void begin() {
    assertThat(ports.emptied().users().isEmpty()).isTrue();
    alice = ports.stored(AUser.called("alice").build());
    bob = ports.stored(AUser.called("bob").build());
    eve = ports.stored(AUser.called("eve").build());
    token = AToken.of(bob).build();
    ports.accessTokens().save(token, new TokenHash(new byte[32]));
    service = ports.stored(AnInstance.of(alice, "s").build());
  }

  void batch(String id) {
    assertThat(record(made(bob, ObjectKind.BATCHES, id, FIVE, 10))).isEqualTo(Recorded.RECORDED);
  }

  void keepResults(String batch, String... files) {
    batches().keepResults(UUID.randomUUID(), service.id(), batch, List.of(files));
  }

  JdbcBatchLedger batches() {
    return new JdbcBatchLedger(ports.database(), new JdbcUsageBooks(ports.database()));
  }

  List<String> listed(Wanted wanted) {
    return ids(held.list(wanted, Optional.empty(), true, 9));
  }

  void reserve(String batch, String state) {
    assertThat(
            ports
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

  static NewObject in(Instance other, NewObject made) {
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

  void open(Project project, String visibility) {
    assertThat(
            ports
                .sql()
                .sql("update projects set visibility = :visibility where id = :id")
                .param("visibility", visibility)
                .param("id", project.id().value())
                .update())
        .isEqualTo(1);
  }

  List<String> listed(Optional<Handle> maker) {
    return ports.storedObjects(service, maker).stream()
        .map(o -> o.object().name().id() + " " + o.holder().orElse("nobody"))
        .toList();
  }

  Recorded record(User user, String id) {
    return record(made(user, id, Optional.empty()));
  }

  Recorded record(NewObject made) {
    return held.record(made).toCompletableFuture().join();
  }

  boolean mayRead(User user, String id) {
    return held.decide(service.id(), caller(user, holder(user), false), List.of(read(id)))
        .isAllowed();
  }

  Optional<ProviderObject> find(String id) {
    return ledger
        .find(service.id(), eve.id(), List.of(name(id)))
        .getFirst()
        .object()
        .filter(object -> object.state() == ObjectState.LIVE);
  }

  NewObject made(User user, String id, Optional<Instant> expiry) {
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

  NewObject made(User user, ObjectKind kind, String id, ObjectQuota quota, long bytes) {
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

  NewObject made(ObjectCaller caller, String id) {
    return made(caller, name(id));
  }

  NewObject made(ObjectCaller caller, ObjectName name) {
    return new NewObject(
        service.id(), name, caller, FIVE, Optional.empty(), 10, Optional.empty(), Optional.empty());
  }

  NewObject withParent(User user, String id, String parent) {
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

  ObjectCaller caller(User user, ObjectHolder holder, boolean owns) {
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

  static ObjectHolder holder(User user) {
    return ObjectHolder.user(user.id().value());
  }

  static ObjectName name(String id) {
    return new ObjectName(
        id.startsWith("resp_") || id.startsWith("msg_") ? ObjectKind.RESPONSES : ObjectKind.FILES,
        id);
  }

  static ObjectUse read(String id) {
    return new ObjectUse(name(id), ObjectAction.READ, OwnObjects.ALL);
  }

  static List<String> ids(Optional<HeldObjects.ObjectPage> page) {
    return page.orElseThrow().objects().stream().map(o -> o.name().id()).toList();
  }

  String holding(User user) {
    return ports
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

  long rows(String condition) {
    return ports
        .sql()
        .sql("select count(*) from provider_objects where " + condition)
        .query(Long.class)
        .single();
  }
}
