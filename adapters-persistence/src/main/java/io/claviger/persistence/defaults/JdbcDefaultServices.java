package io.claviger.persistence.defaults;

import io.claviger.application.defaults.port.DefaultServiceStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceId;
import io.claviger.persistence.instances.InstanceRows;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Row;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@link DefaultServiceStore} in table {@code default_services}. */
public final class JdbcDefaultServices implements DefaultServiceStore {
  private static final RowMapper<Chosen> CHOSEN =
      (rs, n) ->
          new Chosen(new UserId(Row.of(rs).uuid("chooser")), InstanceRows.SEEN.mapRow(rs, n));

  private final JdbcClient jdbc;

  public JdbcDefaultServices(Database database) {
    this.jdbc = database.jdbc();
  }

  private record Chosen(UserId by, InstanceStore.Seen service) {}

  @Override
  public Choices choicesFor(UserId user) {
    List<Chosen> choices =
        jdbc.sql(
                """
                select
                  c.user_id as chooser,
                  i.id, i.owner_id, i.owner_handle, i.handle, i.display_name, i.description,
                  i.definition_id, d.owner_handle as definition_owner,
                  d.handle as definition_handle, i.provider, i.api_standard, a.key_method,
                  a.key_field, i.endpoint, i.endpoint_set_by, i.model, i.dimensions,
                  i.context_limit, i.timeout_ms, i.organization, i.enabled, i.central_key,
                  i.user_keys, i.fallback_to_central, i.limit_requests_per_minute,
                  i.limit_models, i.limit_operations, i.custom_header_names, i.api_key_set_at,
                  i.version, i.created_at, i.updated_at, i.api_key_sealed, i.headers_sealed,
                  k.api_key_sealed as user_key_sealed, f.instance_id is not null as is_default,
                  s.grantee_id as s_grantee_id, s.grantee_handle as s_grantee_handle,
                  s.role as s_role, s.may_reshare as s_may_reshare, s.expires_at as s_expires_at,
                  s.limit_requests_per_minute as s_limit_requests_per_minute,
                  s.limit_models as s_limit_models, s.limit_operations as s_limit_operations,
                  g.handle as s_given_by, s.given_via as s_given_via, s.version as s_version,
                  s.created_at as s_created_at
                from default_services c
                join instances i on i.id = c.instance_id
                join api_standards a on a.handle = i.api_standard
                left join definitions d on d.id = i.definition_id
                left join shares s on s.instance_id = i.id and s.grantee_id = :user
                left join users g on g.id = s.given_by
                left join user_keys k on k.instance_id = i.id and k.user_id = :user
                left join default_services f on f.instance_id = i.id and f.user_id = :user
                where c.user_id in (:user, :system)
                order by c.user_id
                """)
            .param("user", user.value())
            .param("system", UserId.SYSTEM.value())
            .query(CHOSEN)
            .list();
    return new Choices(of(user, choices), of(UserId.SYSTEM, choices));
  }

  /** A choice that was there was locked to be replaced, which its {@code xmax} tells. */
  @Override
  public boolean choose(UserId user, InstanceId instance) {
    return jdbc.sql(
            """
            insert into default_services (user_id, instance_id, owner_handle, instance_handle)
            select :user, id, owner_handle, handle
            from instances
            where id = :instance
            on conflict on constraint default_services_pkey do update
            set instance_id = excluded.instance_id, owner_handle = excluded.owner_handle,
              instance_handle = excluded.instance_handle
            returning xmax = 0 as inserted
            """)
        .param("user", user.value())
        .param("instance", instance.value())
        .query(Boolean.class)
        .optional()
        .orElseThrow(
            () ->
                new ConcurrencyConflict(
                    ConcurrencyConflict.How.REFERENCE_GONE, new EmptyResultDataAccessException(1)));
  }

  @Override
  public boolean forget(UserId user) {
    return jdbc.sql("delete from default_services where user_id = :user")
            .param("user", user.value())
            .update()
        == 1;
  }

  private static Optional<InstanceStore.Seen> of(UserId chooser, List<Chosen> choices) {
    return choices.stream().filter(c -> c.by().equals(chooser)).map(Chosen::service).findFirst();
  }
}
