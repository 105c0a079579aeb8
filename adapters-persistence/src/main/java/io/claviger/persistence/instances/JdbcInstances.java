package io.claviger.persistence.instances;

import io.claviger.application.instances.InstanceFilter;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.definitions.DefinitionId;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.instances.Organization;
import io.claviger.persistence.definitions.DefinitionRows;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Parameters;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** {@link InstanceStore} in table {@code instances}, as one viewer each time sees them. */
public final class JdbcInstances implements InstanceStore {
  private final JdbcClient jdbc;
  private final InstanceLists lists;

  public JdbcInstances(Database database) {
    this.jdbc = database.jdbc();
    this.lists = new InstanceLists(database.lists());
  }

  @Override
  public Optional<Seen> find(InstanceRef ref, UserId viewer) {
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
              f.instance_id is not null as is_default,
              s.grantee_id as s_grantee_id, s.grantee_handle as s_grantee_handle, s.role as s_role,
              s.may_reshare as s_may_reshare, s.expires_at as s_expires_at,
              s.limit_requests_per_minute as s_limit_requests_per_minute,
              s.limit_models as s_limit_models, s.limit_operations as s_limit_operations,
              g.handle as s_given_by, s.given_via as s_given_via, s.version as s_version,
              s.created_at as s_created_at
            from instances i
            join api_standards a on a.handle = i.api_standard
            left join definitions d on d.id = i.definition_id
            left join shares s on s.instance_id = i.id and s.grantee_id = :viewer
            left join users g on g.id = s.given_by
            left join user_keys k on k.instance_id = i.id and k.user_id = :viewer
            left join default_services f on f.instance_id = i.id and f.user_id = :viewer
            where i.owner_handle = :owner and i.handle = :handle
            """)
        .param("owner", ref.owner().value())
        .param("handle", ref.handle().value())
        .param("viewer", viewer.value())
        .query(InstanceRows.SEEN)
        .optional();
  }

  @Override
  public Optional<Seen> find(InstanceId id, UserId viewer) {
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
              f.instance_id is not null as is_default,
              s.grantee_id as s_grantee_id, s.grantee_handle as s_grantee_handle, s.role as s_role,
              s.may_reshare as s_may_reshare, s.expires_at as s_expires_at,
              s.limit_requests_per_minute as s_limit_requests_per_minute,
              s.limit_models as s_limit_models, s.limit_operations as s_limit_operations,
              g.handle as s_given_by, s.given_via as s_given_via, s.version as s_version,
              s.created_at as s_created_at
            from instances i
            join api_standards a on a.handle = i.api_standard
            left join definitions d on d.id = i.definition_id
            left join shares s on s.instance_id = i.id and s.grantee_id = :viewer
            left join users g on g.id = s.given_by
            left join user_keys k on k.instance_id = i.id and k.user_id = :viewer
            left join default_services f on f.instance_id = i.id and f.user_id = :viewer
            where i.id = :id
            """)
        .param("id", id.value())
        .param("viewer", viewer.value())
        .query(InstanceRows.SEEN)
        .optional();
  }

  /**
   * Locked first and read after: a statement that waits for a lock sees the locked row as it is
   * then, but the rows joined to it as they were before.
   */
  @Override
  public Optional<Seen> lock(InstanceRef ref, UserId viewer) {
    return jdbc.sql(
            """
            select id
            from instances
            where owner_handle = :owner and handle = :handle
            for update
            """)
        .param("owner", ref.owner().value())
        .param("handle", ref.handle().value())
        .query(UUID.class)
        .optional()
        .flatMap(id -> find(new InstanceId(id), viewer));
  }

  @Override
  public Optional<Seen> hold(InstanceRef ref, UserId viewer) {
    return jdbc.sql(
            """
            select id
            from instances
            where owner_handle = :owner and handle = :handle
            for share
            """)
        .param("owner", ref.owner().value())
        .param("handle", ref.handle().value())
        .query(UUID.class)
        .optional()
        .flatMap(id -> find(new InstanceId(id), viewer));
  }

  /** Of one that is disabled or deleted while this waits for it, the next is held instead. */
  @Override
  public Optional<Seen> holdOldestEnabled(Provider provider, UserId viewer) {
    return jdbc.sql(
            """
            select id
            from instances
            where owner_handle = '_system' and enabled and provider = :provider
            order by created_at, id
            limit 1
            for share
            """)
        .param("provider", provider.wireName())
        .query(UUID.class)
        .optional()
        .flatMap(id -> find(new InstanceId(id), viewer));
  }

  @Override
  public List<Seen> usableBy(
      UserId user,
      UserId viewer,
      InstanceFilter filter,
      Optional<InstanceRef> after,
      int limit,
      Instant now) {
    return lists.usableBy(user, viewer, filter, after, limit, now);
  }

  @Override
  public List<Seen> systemLevel(
      UserId viewer, InstanceFilter filter, Optional<InstanceRef> after, int limit) {
    return lists.systemLevel(viewer, filter, after, limit);
  }

  @Override
  public void insert(Instance instance, SecretChange apiKey, SecretChange headers) {
    StatementSpec statement =
        jdbc.sql(
                """
                insert into instances (
                  id, owner_id, owner_handle, handle, display_name, description, definition_id,
                  provider, api_standard, endpoint, endpoint_set_by, model, dimensions,
                  context_limit, timeout_ms, organization, enabled, central_key, user_keys,
                  fallback_to_central, limit_requests_per_minute, limit_models, limit_operations,
                  custom_header_names, headers_sealed, headers_version, api_key_sealed,
                  api_key_set_at, version, created_at, updated_at)
                values (
                  :id, :owner_id, :owner_handle, :handle, :display_name, :description, :definition,
                  :provider, :api_standard, :endpoint, :endpoint_set_by, :model, :dimensions,
                  :context_limit, :timeout_ms, :organization, :enabled, :central_key, :user_keys,
                  :fallback_to_central, :limit_requests_per_minute, :limit_models,
                  :limit_operations, :custom_header_names, :headers,
                  case when cast(:headers as bytea) is null then 0 else cast(:version as bigint) end,
                  :api_key, :api_key_set_at, :version, :created_at, :updated_at)
                """)
            .param("owner_id", instance.owner().value())
            .param("owner_handle", instance.ref().owner().value())
            .param("handle", instance.ref().handle().value())
            .param("api_key", sealed(apiKey))
            .param("headers", sealed(headers))
            .param("created_at", Parameters.at(instance.createdAt()));
    Database.requireOne(with(statement, instance).update());
  }

  @Override
  public void update(Instance instance, SecretChange apiKey, SecretChange headers) {
    StatementSpec statement =
        jdbc.sql(
                """
                update instances
                set display_name = :display_name, description = :description,
                  definition_id = :definition, provider = :provider, api_standard = :api_standard,
                  endpoint = :endpoint, endpoint_set_by = :endpoint_set_by, model = :model,
                  dimensions = :dimensions, context_limit = :context_limit,
                  timeout_ms = :timeout_ms, organization = :organization, enabled = :enabled,
                  central_key = :central_key, user_keys = :user_keys,
                  fallback_to_central = :fallback_to_central,
                  limit_requests_per_minute = :limit_requests_per_minute,
                  limit_models = :limit_models, limit_operations = :limit_operations,
                  custom_header_names = :custom_header_names,
                  headers_sealed =
                    case when :keep_headers then headers_sealed else cast(:headers as bytea) end,
                  headers_version =
                    case when :keep_headers then headers_version else cast(:version as bigint) end,
                  api_key_sealed =
                    case when :keep_api_key then api_key_sealed else cast(:api_key as bytea) end,
                  api_key_set_at = :api_key_set_at, version = :version, updated_at = :updated_at
                where id = :id
                """)
            .param("keep_api_key", apiKey instanceof SecretChange.Keep)
            .param("api_key", sealed(apiKey))
            .param("keep_headers", headers instanceof SecretChange.Keep)
            .param("headers", sealed(headers));
    Database.requireOne(with(statement, instance).update());
  }

  @Override
  public void delete(InstanceId id) {
    int rows = jdbc.sql("delete from instances where id = :id").param("id", id.value()).update();
    Database.requireOne(rows);
  }

  private static StatementSpec with(StatementSpec statement, Instance instance) {
    InstanceSettings settings = instance.settings();
    StatementSpec filled = DefinitionRows.withFields(statement, settings.fields());
    return Parameters.withLimits(filled, settings.limits())
        .param("id", instance.id().value())
        .param("display_name", settings.displayName().value())
        .param("definition", Parameters.orNull(settings.definition(), DefinitionId::value))
        .param("endpoint_set_by", Parameters.orNull(instance.endpointSetBy(), UserId::value))
        .param("timeout_ms", settings.timeout().millis())
        .param("organization", Parameters.orNull(settings.organization(), Organization::value))
        .param("enabled", settings.enabled())
        .param("central_key", settings.keyPolicy().centralKey())
        .param("user_keys", settings.keyPolicy().userKeys())
        .param("fallback_to_central", settings.keyPolicy().fallbackToCentral())
        .param(
            "custom_header_names",
            Parameters.texts(instance.customHeaderNames(), HeaderName::value))
        .param("api_key_set_at", Parameters.at(instance.apiKeySetAt()))
        .param("version", instance.version())
        .param("updated_at", Parameters.at(instance.updatedAt()));
  }

  private static byte @Nullable [] sealed(SecretChange change) {
    return switch (change) {
      case SecretChange.Replace replace -> replace.with().bytes();
      case SecretChange.Keep keep -> null;
      case SecretChange.Clear clear -> null;
    };
  }
}
