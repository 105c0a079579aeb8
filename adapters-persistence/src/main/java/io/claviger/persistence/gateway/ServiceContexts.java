package io.claviger.persistence.gateway;

import io.claviger.application.gateway.port.CallContexts.ServiceContext;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.persistence.shared.Parameters;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Services as a user would call them who has signed in already. */
final class ServiceContexts {
  private final JdbcClient jdbc;
  private final JdbcClient lists;

  ServiceContexts(JdbcClient jdbc, JdbcClient lists) {
    this.jdbc = jdbc;
    this.lists = lists;
  }

  Optional<ServiceContext> find(InstanceRef service, UserId caller) {
    return jdbc.sql(
            """
            select
              i.id as i_id, i.owner_id as i_owner_id, i.owner_handle as i_owner_handle,
              i.handle as i_handle, i.provider as i_provider,
              a.key_method as i_key_method, a.key_field as i_key_field, i.endpoint as i_endpoint,
              i.timeout_ms as i_timeout_ms, i.organization as i_organization,
              i.enabled as i_enabled, i.central_key as i_central_key, i.user_keys as i_user_keys,
              i.fallback_to_central as i_fallback_to_central,
              i.limit_requests_per_minute as i_limit_requests_per_minute,
              i.limit_models as i_limit_models, i.limit_operations as i_limit_operations,
              i.api_key_set_at as i_api_key_set_at, i.headers_version as i_headers_version,
              i.api_key_sealed as i_api_key_sealed, i.headers_sealed as i_headers_sealed,
              k.api_key_sealed as i_user_key_sealed, k.set_at as i_user_key_set_at,
              a.handle as a_handle, '' as a_description, a.format as a_format,
              a.key_method as a_key_method, a.key_field as a_key_field,
              a.operations as a_operations, a.request_headers as a_request_headers,
              a.query_parameters as a_query_parameters,
              a.response_headers as a_response_headers, a.version as a_version,
              a.created_at as a_created_at, a.updated_at as a_updated_at,
              s.grantee_id as s_grantee_id, s.grantee_handle as s_grantee_handle,
              s.role as s_role, s.may_reshare as s_may_reshare, s.expires_at as s_expires_at,
              s.limit_requests_per_minute as s_limit_requests_per_minute,
              s.limit_models as s_limit_models, s.limit_operations as s_limit_operations,
              g.handle as s_given_by, s.given_via as s_given_via, s.version as s_version,
              s.created_at as s_created_at, v.grantee_id as v_grantee_id,
              v.limit_requests_per_minute as v_limit_requests_per_minute,
              v.limit_models as v_limit_models, v.limit_operations as v_limit_operations
            from instances i
            join api_standards a on a.handle = i.api_standard
            left join shares s on s.instance_id = i.id and s.grantee_id = :caller
            left join users g on g.id = s.given_by
            left join shares v on v.instance_id = s.instance_id and v.grantee_id = s.given_via
            left join user_keys k on k.instance_id = i.id and k.user_id = :caller
            where i.owner_handle = :owner and i.handle = :handle
            """)
        .param("caller", caller.value())
        .param("owner", service.owner().value())
        .param("handle", service.handle().value())
        .query(CallContextRows.TARGET)
        .optional();
  }

  /** Own, shared and system-level ones, each part by its index: no instance is two of these. */
  List<ServiceContext> usableBy(
      UserId caller, Optional<InstanceRef> after, int limit, Instant now) {
    return lists
        .sql(
            """
            select
              i.id as i_id, i.owner_id as i_owner_id, i.owner_handle as i_owner_handle,
              i.handle as i_handle, i.provider as i_provider,
              a.key_method as i_key_method, a.key_field as i_key_field, i.endpoint as i_endpoint,
              i.timeout_ms as i_timeout_ms, i.organization as i_organization,
              i.enabled as i_enabled, i.central_key as i_central_key, i.user_keys as i_user_keys,
              i.fallback_to_central as i_fallback_to_central,
              i.limit_requests_per_minute as i_limit_requests_per_minute,
              i.limit_models as i_limit_models, i.limit_operations as i_limit_operations,
              i.api_key_set_at as i_api_key_set_at, i.headers_version as i_headers_version,
              i.api_key_sealed as i_api_key_sealed, i.headers_sealed as i_headers_sealed,
              k.api_key_sealed as i_user_key_sealed, k.set_at as i_user_key_set_at,
              a.handle as a_handle, '' as a_description, a.format as a_format,
              a.key_method as a_key_method, a.key_field as a_key_field,
              a.operations as a_operations, a.request_headers as a_request_headers,
              a.query_parameters as a_query_parameters,
              a.response_headers as a_response_headers, a.version as a_version,
              a.created_at as a_created_at, a.updated_at as a_updated_at,
              s.grantee_id as s_grantee_id, s.grantee_handle as s_grantee_handle,
              s.role as s_role, s.may_reshare as s_may_reshare, s.expires_at as s_expires_at,
              s.limit_requests_per_minute as s_limit_requests_per_minute,
              s.limit_models as s_limit_models, s.limit_operations as s_limit_operations,
              g.handle as s_given_by, s.given_via as s_given_via, s.version as s_version,
              s.created_at as s_created_at, v.grantee_id as v_grantee_id,
              v.limit_requests_per_minute as v_limit_requests_per_minute,
              v.limit_models as v_limit_models, v.limit_operations as v_limit_operations
            from (
              select id
              from (
                  (select id, owner_handle, handle
                  from instances
                  where owner_handle = (select handle from users where id = :caller)
                    and owner_handle <> '_system'
                    and handle > page_start(
                      (select handle from users where id = :caller), :after_owner, :after_handle)
                  order by owner_handle, handle
                  limit :limit)
                  union all
                  (select instance_id, owner_handle, instance_handle
                  from shares
                  where grantee_id = :caller
                    and (owner_handle, instance_handle) > (:after_owner, :after_handle)
                    and (expires_at is null or expires_at > :now)
                  order by owner_handle, instance_handle
                  limit :limit)
                  union all
                  (select id, owner_handle, handle
                  from instances
                  where owner_handle = '_system'
                    and handle > page_start('_system', :after_owner, :after_handle)
                  order by owner_handle, handle
                  limit :limit)
              ) each
              order by owner_handle, handle
              limit :limit
            ) usable
            join instances i on i.id = usable.id
            join api_standards a on a.handle = i.api_standard
            left join shares s on s.instance_id = i.id and s.grantee_id = :caller
            left join users g on g.id = s.given_by
            left join shares v on v.instance_id = s.instance_id and v.grantee_id = s.given_via
            left join user_keys k on k.instance_id = i.id and k.user_id = :caller
            order by i.owner_handle, i.handle
            limit :limit
            """)
        .param("caller", caller.value())
        .param("now", Parameters.at(now))
        .param("after_owner", after.map(ref -> ref.owner().value()).orElse(""))
        .param("after_handle", after.map(ref -> ref.handle().value()).orElse(""))
        .param("limit", limit)
        .query(CallContextRows.TARGET)
        .list();
  }
}
