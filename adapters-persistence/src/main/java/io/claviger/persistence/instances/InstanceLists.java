package io.claviger.persistence.instances;

import io.claviger.application.instances.InstanceFilter;
import io.claviger.application.instances.port.InstanceStore.Seen;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.persistence.shared.Parameters;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * The lists of instances. Each part of a list is read by its own index from the position on, so
 * that a page costs the same wherever it lies.
 */
final class InstanceLists {
  private final JdbcClient jdbc;

  InstanceLists(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Own, shared and system-level ones: no instance is two of these. */
  List<Seen> usableBy(
      UserId user,
      UserId viewer,
      InstanceFilter filter,
      Optional<InstanceRef> after,
      int limit,
      Instant now) {
    StatementSpec statement =
        jdbc.sql(
                """
            select
              i.id, i.owner_id, i.owner_handle, i.handle, i.display_name, i.description,
              i.definition_id, d.owner_handle as definition_owner, d.handle as definition_handle,
              i.provider, i.api_standard, a.key_method, a.key_field, i.endpoint, i.endpoint_set_by,
              i.model, i.dimensions, i.context_limit, i.timeout_ms, i.organization, i.enabled,
              i.central_key, i.user_keys, i.fallback_to_central,
              i.limit_requests_per_minute, i.limit_models, i.limit_operations,
              i.custom_header_names, i.api_key_set_at, i.version, i.created_at, i.updated_at,
              i.api_key_sealed, i.headers_sealed, k.api_key_sealed as user_key_sealed,
              f.instance_id is not null as is_default,
              s.grantee_id as s_grantee_id, s.grantee_handle as s_grantee_handle, s.role as s_role,
              s.may_reshare as s_may_reshare, s.expires_at as s_expires_at,
              s.limit_requests_per_minute as s_limit_requests_per_minute,
              s.limit_models as s_limit_models, s.limit_operations as s_limit_operations,
              g.handle as s_given_by, s.given_via as s_given_via, s.version as s_version,
              s.created_at as s_created_at
            from (
              select id
              from (
                  (select i.id, i.owner_handle, i.handle
                  from instances i
                  where i.owner_handle = (select handle from users where id = :user)
                    and i.owner_handle <> '_system'
                    and i.handle > page_start(
                      (select handle from users where id = :user), :after_owner, :after_handle)
                    and (cast(:role as text) is null or :role = 'owner')
                    and (cast(:owner as text) is null or i.owner_handle = :owner)
                    and (cast(:provider as text) is null or i.provider = :provider)
                    and (cast(:enabled as boolean) is null or i.enabled = :enabled)
                    and (cast(:text as text) is null or i.handle ilike :text
                      or i.display_name ilike :text or i.description ilike :text
                      or i.model ilike :text)
                  order by i.owner_handle, i.handle
                  limit :limit)
                  union all
                  (select i.id, i.owner_handle, i.handle
                  from shares h
                  join instances i on i.id = h.instance_id
                  where h.grantee_id = :user
                    and (h.owner_handle, h.instance_handle) > (:after_owner, :after_handle)
                    and (h.expires_at is null or h.expires_at > :now)
                    and (cast(:role as text) is null or h.role = :role)
                    and (cast(:owner as text) is null or i.owner_handle = :owner)
                    and (cast(:provider as text) is null or i.provider = :provider)
                    and (cast(:enabled as boolean) is null or i.enabled = :enabled)
                    and (cast(:text as text) is null or i.handle ilike :text
                      or i.display_name ilike :text or i.description ilike :text
                      or i.model ilike :text)
                  order by h.owner_handle, h.instance_handle
                  limit :limit)
                  union all
                  (select i.id, i.owner_handle, i.handle
                  from instances i
                  where i.owner_handle = '_system'
                    and i.handle > page_start('_system', :after_owner, :after_handle)
                    and (cast(:role as text) is null or :role = (
                      select case when administrator then 'owner' else 'reader' end
                      from users where id = :user))
                    and (cast(:owner as text) is null or i.owner_handle = :owner)
                    and (cast(:provider as text) is null or i.provider = :provider)
                    and (cast(:enabled as boolean) is null or i.enabled = :enabled)
                    and (cast(:text as text) is null or i.handle ilike :text
                      or i.display_name ilike :text or i.description ilike :text
                      or i.model ilike :text)
                  order by i.owner_handle, i.handle
                  limit :limit)
              ) each
              order by owner_handle, handle
              limit :limit
            ) usable
            join instances i on i.id = usable.id
            join api_standards a on a.handle = i.api_standard
            left join definitions d on d.id = i.definition_id
            left join shares s on s.instance_id = i.id and s.grantee_id = :viewer
            left join users g on g.id = s.given_by
            left join user_keys k on k.instance_id = i.id and k.user_id = :viewer
            left join default_services f on f.instance_id = i.id and f.user_id = :viewer
            order by i.owner_handle, i.handle
            limit :limit
            """)
            .param("user", user.value())
            .param("now", Parameters.at(now));
    return page(statement, viewer, filter, after, limit).query(InstanceRows.SEEN).list();
  }

  /** In these the role is the viewer's, and there are no shares. */
  List<Seen> systemLevel(
      UserId viewer, InstanceFilter filter, Optional<InstanceRef> after, int limit) {
    StatementSpec statement =
        jdbc.sql(
            """
            select
              i.id, i.owner_id, i.owner_handle, i.handle, i.display_name, i.description,
              i.definition_id, d.owner_handle as definition_owner, d.handle as definition_handle,
              i.provider, i.api_standard, a.key_method, a.key_field, i.endpoint, i.endpoint_set_by,
              i.model, i.dimensions, i.context_limit, i.timeout_ms, i.organization, i.enabled,
              i.central_key, i.user_keys, i.fallback_to_central,
              i.limit_requests_per_minute, i.limit_models, i.limit_operations,
              i.custom_header_names, i.api_key_set_at, i.version, i.created_at, i.updated_at,
              i.api_key_sealed, i.headers_sealed, k.api_key_sealed as user_key_sealed,
              f.instance_id is not null as is_default
            from instances i
            join api_standards a on a.handle = i.api_standard
            left join definitions d on d.id = i.definition_id
            left join user_keys k on k.instance_id = i.id and k.user_id = :viewer
            left join default_services f on f.instance_id = i.id and f.user_id = :viewer
            where i.owner_handle = '_system'
              and i.handle > page_start('_system', :after_owner, :after_handle)
              and (cast(:role as text) is null or :role = (
                select case when administrator then 'owner' else 'reader' end
                from users where id = :viewer))
              and (cast(:owner as text) is null or i.owner_handle = :owner)
              and (cast(:provider as text) is null or i.provider = :provider)
              and (cast(:enabled as boolean) is null or i.enabled = :enabled)
              and (cast(:text as text) is null or i.handle ilike :text
                or i.display_name ilike :text or i.description ilike :text
                or i.model ilike :text)
            order by i.owner_handle, i.handle
            limit :limit
            """);
    return page(statement, viewer, filter, after, limit).query(InstanceRows.UNSHARED).list();
  }

  private static StatementSpec page(
      StatementSpec statement,
      UserId viewer,
      InstanceFilter filter,
      Optional<InstanceRef> after,
      int limit) {
    return statement
        .param("viewer", viewer.value())
        .param("owner", Parameters.orNull(filter.owner(), Handle::value))
        .param("provider", Parameters.orNull(filter.provider(), Provider::wireName))
        .param("enabled", filter.enabled().orElse(null))
        .param("role", Parameters.orNull(filter.role(), r -> r.name().toLowerCase(Locale.ROOT)))
        .param("text", Parameters.orNull(filter.text(), InstanceLists::containing))
        .param("after_owner", after.map(ref -> ref.owner().value()).orElse(""))
        .param("after_handle", after.map(ref -> ref.handle().value()).orElse(""))
        .param("limit", limit);
  }

  /** A pattern for what contains a text, in which no character of the text is a wildcard. */
  private static String containing(String text) {
    String literal = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    return "%" + literal + "%";
  }
}
