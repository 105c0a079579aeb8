package io.claviger.persistence.gateway;

import io.claviger.application.gateway.out.CallFacts;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.keys.SealedValue;
import io.claviger.persistence.accounts.AccountRows;
import io.claviger.persistence.instances.InstanceRows;
import io.claviger.persistence.shared.Row;
import io.claviger.persistence.sharing.ShareRows;
import io.claviger.persistence.standards.StandardRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@link CallFacts} in one statement, so that they are of one moment and cost one round trip. */
final class JdbcCallFacts implements CallFacts {
  private final JdbcClient jdbc;

  JdbcCallFacts(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public Optional<Facts> gather(TokenHash token, InstanceRef service) {
    return jdbc.sql(
            """
            select
              t.id as t_id, t.user_id as t_user_id, t.name as t_name, t.scope as t_scope,
              t.origin as t_origin, t.service_id as t_service_id,
              r.owner_handle || '/' || r.handle as t_service_ref,
              t.limit_requests_per_minute as t_limit_requests_per_minute,
              t.limit_models as t_limit_models, t.limit_operations as t_limit_operations,
              t.created_at as t_created_at, t.expires_at as t_expires_at,
              t.last_used_at as t_last_used_at,
              u.id as u_id, u.handle as u_handle, u.display_name as u_display_name,
              u.email as u_email, u.administrator as u_administrator, u.version as u_version,
              u.created_at as u_created_at, u.updated_at as u_updated_at,
              i.id as i_id, i.owner_id as i_owner_id, i.owner_handle as i_owner_handle,
              i.handle as i_handle, i.display_name as i_display_name,
              i.description as i_description, i.definition_id as i_definition_id,
              d.owner_handle as i_definition_owner, d.handle as i_definition_handle,
              i.provider as i_provider, i.api_standard as i_api_standard,
              a.key_method as i_key_method, a.key_field as i_key_field, i.endpoint as i_endpoint,
              i.endpoint_set_by as i_endpoint_set_by, i.model as i_model,
              i.dimensions as i_dimensions, i.context_limit as i_context_limit,
              i.timeout_ms as i_timeout_ms, i.organization as i_organization,
              i.enabled as i_enabled, i.central_key as i_central_key, i.user_keys as i_user_keys,
              i.fallback_to_central as i_fallback_to_central,
              i.limit_requests_per_minute as i_limit_requests_per_minute,
              i.limit_models as i_limit_models, i.limit_operations as i_limit_operations,
              i.custom_header_names as i_custom_header_names,
              i.api_key_set_at as i_api_key_set_at, i.version as i_version,
              i.created_at as i_created_at, i.updated_at as i_updated_at,
              i.api_key_sealed as i_api_key_sealed, i.headers_sealed as i_headers_sealed,
              a.handle as a_handle, a.description as a_description, a.format as a_format,
              a.key_method as a_key_method, a.key_field as a_key_field,
              a.operations as a_operations, a.request_headers as a_request_headers,
              a.query_parameters as a_query_parameters, a.version as a_version,
              a.created_at as a_created_at, a.updated_at as a_updated_at,
              s.grantee_id as s_grantee_id, s.grantee_handle as s_grantee_handle,
              s.role as s_role, s.may_reshare as s_may_reshare, s.expires_at as s_expires_at,
              s.limit_requests_per_minute as s_limit_requests_per_minute,
              s.limit_models as s_limit_models, s.limit_operations as s_limit_operations,
              g.handle as s_given_by, s.given_via as s_given_via, s.version as s_version,
              s.created_at as s_created_at
            from access_tokens t
            join users u on u.id = t.user_id
            left join instances r on r.id = t.service_id
            left join instances i on i.owner_handle = :owner and i.handle = :handle
            left join api_standards a on a.handle = i.api_standard
            left join definitions d on d.id = i.definition_id
            left join shares s on s.instance_id = i.id and s.grantee_id = u.id
            left join users g on g.id = s.given_by
            where t.token_hash = :hash
            """)
        .param("hash", token.bytes())
        .param("owner", service.owner().value())
        .param("handle", service.handle().value())
        .query((rs, n) -> facts(rs))
        .optional();
  }

  private static Facts facts(ResultSet columns) throws SQLException {
    Row row = Row.of(columns);
    return new Facts(
        AccountRows.token(row.part("t_")), AccountRows.user(row.part("u_")), target(row));
  }

  private static Optional<Target> target(Row row) throws SQLException {
    Row instance = row.part("i_");
    if (!instance.has("id")) {
      return Optional.empty();
    }
    return Optional.of(
        new Target(
            InstanceRows.instance(instance),
            StandardRows.standard(row.part("a_")),
            ShareRows.optionalShare(row.part("s_")),
            instance.optionalBytes("api_key_sealed").map(SealedValue::new),
            instance.optionalBytes("headers_sealed").map(SealedValue::new)));
  }
}
