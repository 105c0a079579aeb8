package io.claviger.persistence.keys;

import io.claviger.application.keys.port.SealedValueStore.Cleared;
import io.claviger.application.keys.port.SealedValueStore.Position;
import io.claviger.application.keys.port.SealedValueStore.Replacement;
import io.claviger.application.keys.port.SealedValueStore.SealedValueBatch;
import io.claviger.application.keys.port.SealedValueStore.StoredValue;
import io.claviger.application.keys.port.SealedValueStore.Table;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The sealed values of users' own keys. */
final class SealedUserKeys implements SealedTable {
  private static final RowMapper<Cleared> CLEARED =
      (rs, n) -> {
        Row row = Row.of(rs);
        return new Cleared(
            new Instance.Id(row.uuid("instance_id")),
            SealedRows.ref(row),
            new User.Id(row.uuid("owner_id")),
            true,
            false,
            Optional.of(new User.Id(row.uuid("user_id"))));
      };

  private final JdbcClient jdbc;

  SealedUserKeys(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public SealedValueBatch<StoredValue> notUnder(EncryptionKeyId key, Position after, int rows) {
    List<StoredValue> found =
        jdbc.sql(
                """
                select k.instance_id as id, k.user_id, k.api_key_sealed, u.handle as user_handle,
                  i.owner_handle, i.handle, i.endpoint, a.key_method, a.key_field
                from (
                  select instance_id, user_id, api_key_sealed
                  from user_keys
                  where (instance_id, user_id) > (:instance, :user)
                    and api_key_sealed_under <> :key
                  order by instance_id, user_id
                  limit :rows) k
                join instances i on i.id = k.instance_id
                join api_standards a on a.handle = i.api_standard
                join users u on u.id = k.user_id
                order by k.instance_id, k.user_id
                """)
            .param("key", key.value())
            .param("instance", after.instance())
            .param("user", after.user())
            .param("rows", rows)
            .query(SealedRows.OF_USER)
            .list();
    return new SealedValueBatch<>(
        found,
        found.isEmpty()
            ? Optional.empty()
            : Optional.of(
                behind(found.getLast().instance(), found.getLast().user().orElseThrow())));
  }

  private static Position behind(Instance.Id instance, User.Id user) {
    return new Position(Table.USER_KEYS, instance.value(), user.value());
  }

  @Override
  public int replace(List<Replacement> replacements) {
    if (replacements.isEmpty()) {
      return 0;
    }
    return jdbc.sql(
            """
            update user_keys k
            set api_key_sealed = n.new_key
            from unnest(
              cast(:instances as uuid[]), cast(:users as uuid[]), cast(:old_keys as bytea[]),
              cast(:new_keys as bytea[]))
              as n (instance_id, user_id, old_key, new_key)
            where k.instance_id = n.instance_id and k.user_id = n.user_id
              and k.api_key_sealed = n.old_key
            """)
        .param(
            "instances",
            Parameters.texts(replacements, one -> one.old().instance().value().toString()))
        .param(
            "users",
            Parameters.texts(
                replacements, one -> one.old().user().orElseThrow().value().toString()))
        .param(
            "old_keys",
            replacements.stream().map(one -> one.old().value().bytes()).toArray(byte[][]::new))
        .param(
            "new_keys", replacements.stream().map(one -> one.with().bytes()).toArray(byte[][]::new))
        .update();
  }

  @Override
  public SealedValueBatch<Cleared> clear(
      EncryptionKeyId key, Position after, int rows, Instant now) {
    List<Cleared> cleared =
        jdbc.sql(
                """
                with lost as (
                  select instance_id, user_id
                  from user_keys
                  where (instance_id, user_id) > (:instance, :user) and api_key_sealed_under = :key
                  order by instance_id, user_id
                  limit :rows
                  for update),
                cleared as (
                  delete from user_keys k
                  using lost
                  where k.instance_id = lost.instance_id and k.user_id = lost.user_id
                  returning k.instance_id, k.user_id)
                select c.instance_id, c.user_id, i.owner_handle, i.handle, i.owner_id
                from cleared c
                join instances i on i.id = c.instance_id
                order by c.instance_id, c.user_id
                """)
            .param("key", key.value())
            .param("instance", after.instance())
            .param("user", after.user())
            .param("rows", rows)
            .query(CLEARED)
            .list();
    return new SealedValueBatch<>(
        cleared,
        cleared.isEmpty()
            ? Optional.empty()
            : Optional.of(
                behind(cleared.getLast().instance(), cleared.getLast().user().orElseThrow())));
  }
}
