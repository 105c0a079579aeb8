package io.claviger.persistence.keys;

import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.UserKey;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.Row;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Implements {@link UserKeyStore} with the table {@code user_keys}. */
public final class JdbcUserKeys implements UserKeyStore {
  private static final RowMapper<UserKey> USER_KEY =
      Row.mapper(
          row ->
              new UserKey(
                  new Instance.Id(row.uuid("instance_id")),
                  new User.Id(row.uuid("user_id")),
                  row.instant("set_at")));

  private final JdbcClient jdbc;

  public JdbcUserKeys(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public Optional<UserKey> find(Instance.Id instance, User.Id user) {
    return jdbc.sql(
            """
            select instance_id, user_id, set_at
            from user_keys
            where instance_id = :instance and user_id = :user
            """)
        .param("instance", instance.value())
        .param("user", user.value())
        .query(USER_KEY)
        .optional();
  }

  @Override
  public List<NamedUserKey> of(
      User.Id user, Optional<UUID> only, Optional<Instance.Ref> after, int limit) {
    return jdbc.sql(
            """
            select k.instance_id, k.user_id, k.set_at, i.owner_handle, i.handle
            from user_keys k
            join instances i on i.id = k.instance_id
            where k.user_id = :user and (cast(:only as uuid) is null or k.instance_id = :only)
              and (i.owner_handle, i.handle) > (:after_owner, :after_handle)
            order by i.owner_handle, i.handle
            limit :limit
            """)
        .param("user", user.value())
        .param("only", only.orElse(null))
        .param("after_owner", after.map(ref -> ref.owner().value()).orElse(""))
        .param("after_handle", after.map(ref -> ref.handle().value()).orElse(""))
        .param("limit", limit)
        .query(
            Row.mapper(
                row ->
                    new NamedUserKey(
                        new UserKey(
                            new Instance.Id(row.uuid("instance_id")),
                            new User.Id(row.uuid("user_id")),
                            row.instant("set_at")),
                        row.instanceRef())))
        .list();
  }

  /** A nonzero {@code xmax} in the returned row means that an earlier key was replaced. */
  @Override
  public boolean save(UserKey key, SealedValue value) {
    return jdbc.sql(
            """
            insert into user_keys (instance_id, user_id, api_key_sealed, set_at)
            values (:instance, :user, :api_key, :set_at)
            on conflict on constraint user_keys_pkey do update
            set api_key_sealed = excluded.api_key_sealed, set_at = excluded.set_at
            returning xmax = 0 as inserted
            """)
        .param("instance", key.instance().value())
        .param("user", key.user().value())
        .param("api_key", value.bytes())
        .param("set_at", Parameters.at(key.setAt()))
        .query(Boolean.class)
        .single();
  }

  @Override
  public boolean delete(Instance.Id instance, User.Id user) {
    return jdbc.sql("delete from user_keys where instance_id = :instance and user_id = :user")
            .param("instance", instance.value())
            .param("user", user.value())
            .update()
        == 1;
  }

  @Override
  public int deleteAllFor(Instance.Id instance) {
    return jdbc.sql("delete from user_keys where instance_id = :instance")
        .param("instance", instance.value())
        .update();
  }

  @Override
  public int deleteAllOf(User.Id user) {
    return jdbc.sql("delete from user_keys where user_id = :user")
        .param("user", user.value())
        .update();
  }
}
