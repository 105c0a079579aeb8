package io.claviger.persistence.rejectedkeys;

import io.claviger.application.rejectedkeys.port.RejectedKey;
import io.claviger.application.rejectedkeys.port.RejectedKeyStore;
import io.claviger.application.rejectedkeys.port.StoredKey;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import io.claviger.persistence.shared.ByReference;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link RejectedKeyStore} with the table {@code rejected_keys}. */
public final class JdbcRejectedKeys implements RejectedKeyStore {
  private final JdbcClient jdbc;
  private final JdbcClient lists;

  public JdbcRejectedKeys(Database database) {
    this.jdbc = database.jdbc();
    this.lists = database.lists();
  }

  @Override
  public void reject(Collection<KeyRejection> rejections) {
    List<StoredKey> keys = rejections.stream().map(KeyRejection::key).toList();
    Database.update(
        withKeys(
                """
                insert into rejected_keys as r (
                  instance_id, user_id, key_set_at, since, last_at, status)
                select w.instance_id::uuid, w.user_id::uuid, w.set_at::timestamptz,
                  w.at::timestamptz, w.at::timestamptz, w.status
                from unnest(:instances, :users, :set_at, :at, cast(:status as integer[]))
                  as w (instance_id, user_id, set_at, at, status)
                where case
                  when w.user_id is null then exists (
                    select from instances i
                    where i.id = w.instance_id::uuid and i.api_key_set_at = w.set_at::timestamptz)
                  else exists (
                    select from user_keys k
                    where k.instance_id = w.instance_id::uuid and k.user_id = w.user_id::uuid
                      and k.set_at = w.set_at::timestamptz)
                  end
                order by w.instance_id::uuid, w.user_id::uuid
                on conflict on constraint rejected_keys_once do update set
                  key_set_at = excluded.key_set_at,
                  since = case
                    when r.key_set_at = excluded.key_set_at then least(r.since, excluded.since)
                    else excluded.since end,
                  last_at = case
                    when r.key_set_at = excluded.key_set_at
                      then greatest(r.last_at, excluded.last_at)
                    else excluded.last_at end,
                  status = excluded.status
                """,
                keys)
            .param("at", Parameters.texts(rejections, each -> each.at().toString()))
            .param("status", Parameters.ints(rejections, KeyRejection::status)));
  }

  @Override
  public void accept(Collection<StoredKey> keys) {
    Database.update(
        withKeys(
            """
                delete from rejected_keys r
                using unnest(:instances, :users, :set_at) as w (instance_id, user_id, set_at)
                where r.instance_id = w.instance_id::uuid
                  and r.user_id is not distinct from w.user_id::uuid
                  and r.key_set_at = w.set_at::timestamptz
                """,
            keys));
  }

  private JdbcClient.StatementSpec withKeys(String statement, Collection<StoredKey> keys) {
    return jdbc.sql(statement)
        .param("instances", Parameters.texts(keys, key -> key.service().value().toString()))
        .param(
            "users",
            Parameters.optionalTexts(
                keys, key -> key.holder().map(user -> user.value().toString())))
        .param("set_at", Parameters.texts(keys, key -> key.setAt().toString()));
  }

  @Override
  public List<StoredKey> all(int most) {
    return jdbc.sql(
            """
            select r.instance_id, r.user_id, r.key_set_at
            from rejected_keys r
            order by r.id
            limit :most
            """)
        .param("most", most)
        .query(Row.mapper(row -> key(row)))
        .list();
  }

  @Override
  public List<RejectedKey> of(
      User.Id user, boolean administrator, Optional<Instance.Ref> service, Instant now, int most) {
    return lists
        .sql(
            """
            select i.id, i.owner_handle, i.handle, i.owner_id, f.role, f.own,
              f.since, f.last_at, f.status
            from (
              select r.instance_id, cast(null as text) as role, true as own,
                r.since, r.last_at, r.status
              from rejected_keys r
              join user_keys k
                on k.instance_id = r.instance_id and k.user_id = r.user_id
                  and k.set_at = r.key_set_at
              where r.user_id = :user
              union all
              select r.instance_id, null, false, r.since, r.last_at, r.status
              from instances i
              join rejected_keys r
                on r.instance_id = i.id and r.user_id is null and r.key_set_at = i.api_key_set_at
              where i.owner_handle = (select handle from users where id = :user)
              union all
              select r.instance_id, h.role, false, r.since, r.last_at, r.status
              from shares h
              join instances i on i.id = h.instance_id
              join rejected_keys r
                on r.instance_id = i.id and r.user_id is null and r.key_set_at = i.api_key_set_at
              where h.grantee_id = :user and h.role = 'owner'
                and (h.expires_at is null or h.expires_at > :now)
              union all
              select r.instance_id, null, false, r.since, r.last_at, r.status
              from instances i
              join rejected_keys r
                on r.instance_id = i.id and r.user_id is null and r.key_set_at = i.api_key_set_at
              where :administrator and i.owner_handle = '_system') f
            join instances i on i.id = f.instance_id
            where (cast(:owner as text) is null or i.id = %s)
            order by i.owner_handle, i.handle, f.own
            limit :most
            """
                .formatted(ByReference.SERVICE))
        .param("user", user.value())
        .param("administrator", administrator)
        .param("owner", Parameters.orNull(service, ref -> ref.owner().value()))
        .param("handle", Parameters.orNull(service, ref -> ref.handle().value()))
        .param("now", Parameters.at(now))
        .param("most", most)
        .query(Row.mapper(row -> rejected(row)))
        .list();
  }

  @Override
  public Map<Instance.Id, Instant> rejectedSince(Collection<Instance.Id> services) {
    return jdbc
        .sql(
            """
            select r.instance_id, r.since
            from rejected_keys r
            join instances i on i.id = r.instance_id and i.api_key_set_at = r.key_set_at
            where r.user_id is null
              and r.instance_id = any(cast(:services as uuid[]))
            """)
        .param("services", Parameters.texts(services, id -> id.value().toString()))
        .query(
            Row.mapper(
                row -> Map.entry(new Instance.Id(row.uuid("instance_id")), row.instant("since"))))
        .list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Override
  public List<AgedKey> ages(
      Optional<Instant> setBefore, boolean rejected, Optional<TimeCursor> after, int limit) {
    return jdbc.sql(
            """
            select i.id, i.owner_handle, i.handle, i.api_key_set_at, r.since, r.status
            from instances i
            left join rejected_keys r
              on r.instance_id = i.id and r.user_id is null and r.key_set_at = i.api_key_set_at
            where i.api_key_set_at is not null
              and (i.credential_kind not in ('federated', 'ambient') or cast(:rejected as boolean))
              and (i.api_key_set_at, i.id) > (:at, :id)
              and (cast(:before as timestamptz) is null or i.api_key_set_at < :before)
              and (not cast(:rejected as boolean) or r.instance_id is not null)
            order by i.api_key_set_at, i.id
            limit :limit
            """)
        .param("at", Parameters.at(after.map(TimeCursor::at).orElse(Instant.EPOCH)))
        .param("id", after.map(TimeCursor::id).orElse(new UUID(0, 0)))
        .param("before", Parameters.orNull(setBefore, Parameters::at))
        .param("rejected", rejected)
        .param("limit", limit)
        .query(Row.mapper(row -> aged(row)))
        .list();
  }

  @Override
  public OwnKeyCounts ownKeys(Optional<Instant> setBefore) {
    return jdbc.sql(
            """
            select count(*) as stored,
              count(*) filter (where k.set_at < cast(:before as timestamptz)) as old,
              count(r.instance_id) as rejected
            from user_keys k
            left join rejected_keys r
              on r.instance_id = k.instance_id and r.user_id = k.user_id
                and r.key_set_at = k.set_at
            """)
        .param("before", Parameters.orNull(setBefore, Parameters::at))
        .query(
            (rs, n) ->
                new OwnKeyCounts(rs.getLong("stored"), rs.getLong("old"), rs.getLong("rejected")))
        .single();
  }

  private static AgedKey aged(Row row) throws SQLException {
    return new AgedKey(
        new Instance.Id(row.uuid("id")),
        row.instanceRef(),
        row.instant("api_key_set_at"),
        row.optionalInstant("since"),
        row.has("status") ? Optional.of(row.number("status")) : Optional.empty());
  }

  @Override
  public int removeReplaced() {
    return jdbc.sql(
            """
            delete from rejected_keys r
            where not exists (
                select from instances i
                where r.user_id is null and i.id = r.instance_id
                  and i.api_key_set_at = r.key_set_at)
              and not exists (
                select from user_keys k
                where k.instance_id = r.instance_id and k.user_id = r.user_id
                  and k.set_at = r.key_set_at)
            """)
        .update();
  }

  private static StoredKey key(Row row) throws SQLException {
    return new StoredKey(
        new Instance.Id(row.uuid("instance_id")),
        row.optionalUuid("user_id").map(User.Id::new),
        row.instant("key_set_at"));
  }

  private static RejectedKey rejected(Row row) throws SQLException {
    return new RejectedKey(
        new Instance.Id(row.uuid("id")),
        row.instanceRef(),
        new User.Id(row.uuid("owner_id")),
        row.optionalConstant("role", Role.class),
        row.flag("own"),
        row.instant("since"),
        row.instant("last_at"),
        row.number("status"));
  }
}
