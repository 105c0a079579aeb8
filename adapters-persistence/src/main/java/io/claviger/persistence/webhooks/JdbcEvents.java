package io.claviger.persistence.webhooks;

import io.claviger.application.webhooks.port.EventStore;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.groups.Group;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.webhooks.EventReceivers.Holder;
import io.claviger.domain.webhooks.EventType;
import io.claviger.domain.webhooks.WebhookMessage.Fact;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link EventStore} with the tables {@code webhook_messages} and {@code told_events}.
 */
public final class JdbcEvents implements EventStore {
  private final JdbcClient jdbc;

  public JdbcEvents(Database database) {
    this.jdbc = database.jdbc();
  }

  /**
   * Returns facts in the form in which they are stored: the name of each fact, followed by its
   * value.
   */
  static String[] facts(List<Fact> facts) {
    return facts.stream()
        .flatMap(fact -> Stream.of(fact.name(), fact.value()))
        .toArray(String[]::new);
  }

  @Override
  public boolean hasWebhooks() {
    return jdbc.sql("select exists (select from webhooks)").query(Boolean.class).single();
  }

  @Override
  public Optional<User.Id> asker(UUID request) {
    return user("select asker_id from borrow_requests where id = :id", request);
  }

  @Override
  public Optional<User.Id> receiver(UUID transfer) {
    return user("select to_id from transfers where id = :id", transfer);
  }

  private Optional<User.Id> user(String statement, UUID id) {
    return jdbc.sql(statement).param("id", id).query(UUID.class).optional().map(User.Id::new);
  }

  @Override
  public List<User.Id> responsible(User.Id account) {
    return jdbc.sql(
            """
            select responsible_user_id as id
            from users
            where id = :account and responsible_user_id is not null
            union all
            select m.user_id
            from users u
            join group_members m on m.group_id = u.responsible_group_id and m.role = 'manager'
            join users p on p.id = m.user_id and p.kind = 'person'
            where u.id = :account
            """)
        .param("account", account.value())
        .query(Row.mapper(row -> new User.Id(row.uuid("id"))))
        .list();
  }

  @Override
  public boolean isAdministrator(User.Id user) {
    return jdbc.sql("select exists (select from users where id = :id and administrator)")
        .param("id", user.value())
        .query(Boolean.class)
        .single();
  }

  @Override
  public Optional<NamedService> service(Instance.Id service) {
    return jdbc.sql("select owner_id, owner_handle, handle from instances where id = :id")
        .param("id", service.value())
        .query(
            Row.mapper(
                row -> new NamedService(row.instanceRef(), new User.Id(row.uuid("owner_id")))))
        .optional();
  }

  @Override
  public List<Holder> holders(Instance.Id service, Instant now) {
    return jdbc.sql(
            """
            select s.grantee_id, s.group_id, s.role
            from shares s
            join webhooks w on w.user_id = s.grantee_id or w.group_id = s.group_id
            where s.instance_id = :service and (s.expires_at is null or s.expires_at > :now)
            order by s.grantee_id
            """)
        .param("service", service.value())
        .param("now", Parameters.at(now))
        .query(Row.mapper(row -> holder(row)))
        .list();
  }

  @Override
  public List<Holder> holdersOfRequested(UUID request, Instant now) {
    return jdbc.sql("select instance_id from borrow_requests where id = :id")
        .param("id", request)
        .query(UUID.class)
        .optional()
        .map(service -> holders(new Instance.Id(service), now))
        .orElse(List.of());
  }

  @Override
  public List<Sighting> sightings(Instant now, Instant setBefore, Instant endsBefore, int most) {
    List<Sighting> all = new ArrayList<>(rejectedKeys(most));
    all.addAll(oldKeys(setBefore, most));
    all.addAll(endingShares(now, endsBefore, most));
    return all;
  }

  private List<Sighting> rejectedKeys(int most) {
    return jdbc.sql(
            """
            select i.id, i.owner_id, i.owner_handle, i.handle, r.user_id, r.key_set_at as state,
              r.since, r.status
            from rejected_keys r
            join instances i on i.id = r.instance_id
            where (r.user_id is not null or r.key_set_at = i.api_key_set_at)
              and not exists (
                select from told_events t
                where t.event = 'key.rejected' and t.subject_id = r.instance_id
                  and t.other_id = coalesce(r.user_id, r.instance_id) and t.state = r.key_set_at)
            order by r.since
            limit :most
            """)
        .param("most", most)
        .query(Row.mapper(JdbcEvents::rejectedKey))
        .list();
  }

  private static Sighting rejectedKey(Row row) throws SQLException {
    return sighting(
        row,
        EventType.KEY_REJECTED,
        row.has("user_id") ? Optional.of(new User.Id(row.uuid("user_id"))) : Optional.empty(),
        List.of(
            new Fact("since", row.instant("since").toString()),
            new Fact("status", Integer.toString(row.number("status")))));
  }

  private List<Sighting> oldKeys(Instant setBefore, int most) {
    return jdbc.sql(
            """
            select i.id, i.owner_id, i.owner_handle, i.handle, i.api_key_set_at as state
            from instances i
            where i.api_key_set_at < :before
              and i.credential_kind not in ('federated', 'ambient')
              and not exists (
                select from told_events t
                where t.event = 'key.old' and t.subject_id = i.id and t.other_id = i.id
                  and t.state = i.api_key_set_at)
            order by i.api_key_set_at, i.id
            limit :most
            """)
        .param("before", Parameters.at(setBefore))
        .param("most", most)
        .query(Row.mapper(JdbcEvents::oldKey))
        .list();
  }

  private static Sighting oldKey(Row row) throws SQLException {
    return sighting(
        row,
        EventType.KEY_OLD,
        Optional.empty(),
        List.of(new Fact("set_at", row.instant("state").toString())));
  }

  private List<Sighting> endingShares(Instant now, Instant endsBefore, int most) {
    return jdbc.sql(
            """
            select i.id, i.owner_id, i.owner_handle, i.handle, s.grantee_id, s.group_id,
              s.grantee_handle, s.expires_at as state
            from shares s
            join instances i on i.id = s.instance_id
            where s.expires_at > :now and s.expires_at <= :until
              and s.created_at <= cast(:now as timestamptz) - interval '1 day'
              and not exists (
                select from told_events t
                where t.event = 'share.expiring' and t.subject_id = s.instance_id
                  and t.other_id = s.grantee_id and t.state = s.expires_at)
            order by s.expires_at, s.instance_id, s.grantee_id
            limit :most
            """)
        .param("now", Parameters.at(now))
        .param("until", Parameters.at(endsBefore))
        .param("most", most)
        .query(Row.mapper(JdbcEvents::endingShare))
        .list();
  }

  private static Sighting endingShare(Row row) throws SQLException {
    return sighting(
        row,
        EventType.SHARE_EXPIRING,
        Optional.of(grantee(row)),
        List.of(
            new Fact("grantee", row.text("grantee_handle")),
            new Fact("expires_at", row.instant("state").toString())));
  }

  @Override
  public boolean mark(EventType type, Instance.Id service, UUID other, Instant state, Instant now) {
    return jdbc.sql(
                """
                insert into told_events as t (event, subject_id, other_id, state, told_at)
                values (:event, :subject, :other, :state, :now)
                on conflict (event, subject_id, other_id) do update
                set state = excluded.state, told_at = excluded.told_at
                where t.state <> excluded.state
                """)
            .param("event", type.wireName())
            .param("subject", service.value())
            .param("other", other)
            .param("state", Parameters.at(state))
            .param("now", Parameters.at(now))
            .update()
        == 1;
  }

  @Override
  public void write(Notice notice, Set<GranteeId> receivers, Instant now) {
    Database.update(
        jdbc.sql(
                """
                insert into webhook_messages (id, webhook_id, event, facts, page, created_at)
                select gen_random_uuid(), w.id, :event, :facts, :page, :now
                from webhooks w
                where (w.user_id = any(cast(:users as uuid[]))
                    or w.group_id = any(cast(:groups as uuid[])))
                  and (w.events = '{}' or :event = any(w.events))
                  and %s
                order by w.id
                """
                    .formatted(MessageRoom.CONDITION))
            .param("event", notice.type().wireName())
            .param("facts", facts(notice.facts()))
            .param("page", notice.page())
            .param("users", ids(receivers, User.Id.class))
            .param("groups", ids(receivers, Group.Id.class))
            .param("now", Parameters.at(now)));
  }

  private static String[] ids(Set<GranteeId> receivers, Class<? extends GranteeId> kind) {
    return Parameters.texts(
        receivers.stream().filter(kind::isInstance).toList(), id -> id.value().toString());
  }

  /**
   * Does not delete the record of a message about a key while the key is stored, because the key
   * might be used for years.
   */
  @Override
  public int forget(Duration ago) {
    return jdbc.sql(
            """
            delete from told_events t
            where t.told_at < statement_timestamp() - make_interval(secs => :seconds)
              and not exists (
                select from instances i
                where t.event = 'key.old' and i.id = t.subject_id
                  and i.api_key_set_at = t.state)
              and not exists (
                select from rejected_keys r
                where t.event = 'key.rejected' and r.instance_id = t.subject_id
                  and coalesce(r.user_id, r.instance_id) = t.other_id
                  and r.key_set_at = t.state)
            """)
        .param("seconds", ago.toSeconds())
        .update();
  }

  private static Sighting sighting(
      Row row, EventType type, Optional<GranteeId> concerned, List<Fact> facts)
      throws SQLException {
    return new Sighting(
        type,
        new Instance.Id(row.uuid("id")),
        row.instanceRef(),
        new User.Id(row.uuid("owner_id")),
        concerned,
        row.instant("state"),
        facts);
  }

  private static Holder holder(Row row) throws SQLException {
    return new Holder(grantee(row), row.constant("role", Role.class));
  }

  private static GranteeId grantee(Row row) throws SQLException {
    return row.has("group_id")
        ? new Group.Id(row.uuid("group_id"))
        : new User.Id(row.uuid("grantee_id"));
  }
}
