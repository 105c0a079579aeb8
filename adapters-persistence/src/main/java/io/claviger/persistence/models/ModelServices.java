package io.claviger.persistence.models;

import io.claviger.application.instances.port.InstanceStore.Seen;
import io.claviger.domain.accounts.UserId;
import io.claviger.persistence.instances.InstanceRows;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the catalogue runs on. */
final class ModelServices {
  private final JdbcClient jdbc;

  ModelServices(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * System-level ones all, so there are no shares. Each is asked for one model that runs on it,
   * however many do: without the limits all of these would be read, and without the order perhaps
   * all models there are.
   */
  List<Seen> of(UserId viewer) {
    return jdbc.sql(
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
            from (
              select s.id
              from instances s
              cross join lateral (
                select
                from model_configs m
                where m.instance_id = s.id
                limit 1
              ) bound
              where s.owner_handle = '_system'
              union
              select oldest.id
              from (
                select distinct on (s.provider) s.provider, s.id
                from instances s
                where s.owner_handle = '_system' and s.enabled
                order by s.provider, s.created_at, s.id
              ) oldest
              cross join lateral (
                select
                from model_configs m
                where m.deleted_at is null and m.instance_id is null
                  and m.provider = oldest.provider
                order by m.created_at, m.id
                limit 1
              ) unbound
            ) serving
            join instances i on i.id = serving.id
            join api_standards a on a.handle = i.api_standard
            left join definitions d on d.id = i.definition_id
            left join user_keys k on k.instance_id = i.id and k.user_id = :viewer
            left join default_services f on f.instance_id = i.id and f.user_id = :viewer
            order by i.created_at, i.id
            """)
        .param("viewer", viewer.value())
        .query(InstanceRows.UNSHARED)
        .list();
  }
}
