package io.claviger.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.Users;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallTarget;
import io.claviger.application.instances.InstanceWriteBuilder;
import io.claviger.application.instances.Instances;
import io.claviger.application.instances.WrittenInstance;
import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shares.GivenShare;
import io.claviger.application.sharing.Sharing;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserKind;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.host.Confidential;
import io.claviger.persistence.Schema;
import io.claviger.testkit.Race;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import io.claviger.wiring.Connections;
import io.claviger.wiring.NodeContext;
import io.claviger.wiring.OperatorSecrets;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A database with the operations of a node, and users. Races use it one after the other, because a
 * new one opens twenty connections, and each of them plans every statement anew.
 */
final class RaceFixture implements AutoCloseable {
  /** How often a race is repeated. */
  static final int ROUNDS = Race.ROUNDS;

  /**
   * Deletes what races write and the next race could find: users with all that is theirs, groups,
   * services and the audit trail. What changed in other tables, such as keys and counters, stays.
   */
  private static final String EMPTY =
      """
      do $$
      begin
        delete from users where handle <> '_system';
        delete from groups;
        delete from instances;
        alter table audit_events disable trigger audit_events_stand;
        delete from audit_events;
        alter table audit_events enable always trigger audit_events_stand;
        delete from audit_unsealed;
      end
      $$
      """;

  /** Fixtures that no race uses. */
  private static final Queue<RaceFixture> FREE = new ConcurrentLinkedQueue<>();

  private static final Actor SYSTEM =
      new Actor(User.Id.SYSTEM, Handle.SYSTEM, true, Optional.empty(), "", "race");

  private final TestDatabase database;
  private final NodeContext context;
  private final JdbcClient sql;
  private long earlierDeadlocks;

  private RaceFixture() {
    database = PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());
    sql = JdbcClient.create(database.dataSource());
    context =
        NodeContext.of(
            Connections.allFrom(database.dataSource()),
            OperatorSecrets.of(Confidential.of("a-key-for-races-that-is-long-enough")),
            OutboundSettings.strict(),
            Map.of(),
            "race");
    context.get(KeyringAdmission.class).admit();
  }

  /** A fixture without users, which no other race uses until it is closed. */
  static RaceFixture lend() {
    RaceFixture free = FREE.poll();
    RaceFixture lent = free == null ? new RaceFixture() : free;
    // While nobody used the fixture, the pool might have closed connections.
    DataSource connected = lent.database.connected().dataSource();
    int unused = JdbcClient.create(connected).sql(EMPTY).update();
    lent.earlierDeadlocks = lent.allDeadlocks();
    return lent;
  }

  NodeContext context() {
    return context;
  }

  /** A user and their access token. */
  record Person(Actor actor, TokenText token) {}

  Person person(String handle, boolean administrator) {
    Outcome<Users.CreatedUser> outcome =
        context
            .get(Users.class)
            .create(
                SYSTEM,
                new Users.NewUser(
                    new Handle(handle),
                    UserKind.PERSON,
                    FieldWrites.NONE.with(User.ADMINISTRATOR, Field.of(administrator))));
    Users.CreatedUser created = outcome.orThrow();
    return new Person(
        new Actor(
            created.user().id(),
            created.user().handle(),
            administrator,
            Optional.empty(),
            "",
            "race"),
        created.accessToken());
  }

  Actor user(String handle) {
    return person(handle, false).actor();
  }

  static Instance.Ref ref(Actor owner, String handle) {
    return new Instance.Ref(owner.handle(), new Handle(handle));
  }

  Outcome<WrittenInstance> put(
      Actor actor, Instance.Ref ref, Precondition condition, InstanceWriteBuilder write) {
    return context.get(Instances.class).put(actor, ref, condition, write.command());
  }

  Outcome<WrittenInstance> patch(
      Actor actor, Instance.Ref ref, Precondition condition, InstanceWriteBuilder write) {
    return context.get(Instances.class).patch(actor, ref, condition, write.command());
  }

  /** Creates a service. */
  Instance.Ref service(Actor owner, String handle) {
    Instance.Ref ref = ref(owner, handle);
    assertThat(put(owner, ref, Precondition.NONE, InstanceWriteBuilder.openAi()))
        .isInstanceOf(Outcome.Done.class);
    return ref;
  }

  Outcome<Instance.Ref> delete(Actor actor, Instance.Ref ref) {
    return context.get(Instances.class).delete(actor, ref, Precondition.NONE);
  }

  Outcome<GivenShare> share(Actor actor, Instance.Ref ref, Handle grantee, Role role) {
    return context
        .get(Sharing.class)
        .share(
            actor,
            ref,
            GranteeName.user(grantee),
            Precondition.NONE,
            new Share.Terms(role, false, Optional.empty(), Limits.NONE));
  }

  Outcome<GranteeName> endShare(Actor actor, Instance.Ref ref, Handle grantee) {
    return context.get(Sharing.class).end(actor, ref, GranteeName.user(grantee), Precondition.NONE);
  }

  CallAuthorization.AuthorizationOutcome call(TokenText token, Instance.Ref ref) {
    return context.get(CallAuthorization.class).authorize(request(token, ref));
  }

  static CallAuthorization.CallRequest request(TokenText token, Instance.Ref ref) {
    return CallAuthorization.CallRequest.ofWhole(
        token, new CallTarget.Service(ref), "POST", "embeddings", new CallerOrigin(""), "race");
  }

  /** Changes rows without telling this node, like another node. */
  void changeElsewhere(String statement, Object a, Object b) {
    assertThat(sql.sql(statement).param("a", a).param("b", b).update()).isEqualTo(1);
  }

  /** The result of a counting statement with the parameters {@code a} and {@code b}. */
  long count(String statement, Object a, Object b) {
    return sql.sql(statement).param("a", a).param("b", b).query(Long.class).single();
  }

  /** How often the database had to break a deadlock, which costs a second each time. */
  long deadlocks() {
    return allDeadlocks() - earlierDeadlocks;
  }

  private long allDeadlocks() {
    return count(
        "select deadlocks from pg_stat_database where datname = current_database() and :a = :b",
        1,
        1);
  }

  /** How many audit events say that an action on a service was done. */
  long done(String action, Instance.Ref ref) {
    return count(
        """
        select count(*) from audit_events
        where action = :a and target_ref = :b and outcome = 'done'
        """,
        action,
        ref.toString());
  }

  @Override
  public void close() {
    FREE.add(this);
  }
}
