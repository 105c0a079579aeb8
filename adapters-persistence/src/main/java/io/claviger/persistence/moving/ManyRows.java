package io.claviger.persistence.moving;

import io.claviger.application.moving.out.Arrivals.NewService;
import io.claviger.application.moving.out.Arrivals.NewShare;
import io.claviger.domain.Email;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.DefinitionId;
import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.moving.Kind;
import io.claviger.domain.projects.Project;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Inserts many rows by one statement each. */
final class ManyRows {
  private final JdbcClient jdbc;

  ManyRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void users(List<User> users) {
    int unused =
        jdbc.sql(
                """
                insert into users (
                  id, handle, display_name, email, administrator, version, created_at, updated_at)
                select *
                from unnest(
                  cast(:ids as uuid[]), :handles, :names, :emails, cast(:administrators as boolean[]),
                  cast(:versions as bigint[]), cast(:created as timestamptz[]),
                  cast(:updated as timestamptz[]))
                """)
            .param("ids", Columns.of(users, User::id))
            .param("handles", Columns.of(users, User::handle))
            .param("names", Columns.of(users, u -> u.displayName().value()))
            .param("emails", Columns.of(users, u -> u.email().map(Email::value)))
            .param("administrators", Columns.of(users, User::administrator))
            .param("versions", Columns.of(users, User::version))
            .param("created", Columns.of(users, User::createdAt))
            .param("updated", Columns.of(users, User::updatedAt))
            .update();
  }

  void definitions(List<Definition> definitions) {
    StatementSpec statement =
        jdbc.sql(
            """
            insert into definitions (
              id, owner_id, owner_handle, handle, description, provider, api_standard, endpoint,
              model, dimensions, context_limit, public, version, created_at, updated_at)
            select *
            from unnest(
              cast(:ids as uuid[]), cast(:owners as uuid[]), :owner_handles, :handles,
              :descriptions, :providers, :standards, :endpoints, :models,
              cast(:dimensions as integer[]), cast(:context_limits as integer[]),
              cast(:public as boolean[]), cast(:versions as bigint[]),
              cast(:created as timestamptz[]), cast(:updated as timestamptz[]))
            """);
    int unused =
        withFields(statement, definitions, Definition::fields)
            .param("ids", Columns.of(definitions, d -> d.id().value()))
            .param("owners", Columns.of(definitions, Definition::owner))
            .param("owner_handles", Columns.of(definitions, d -> d.ref().owner()))
            .param("handles", Columns.of(definitions, d -> d.ref().handle()))
            .param("public", Columns.of(definitions, Definition::isPublic))
            .param("versions", Columns.of(definitions, Definition::version))
            .param("created", Columns.of(definitions, Definition::createdAt))
            .param("updated", Columns.of(definitions, Definition::updatedAt))
            .update();
  }

  /** Of instances as they arrive: without header values, organization and limits. */
  void services(List<NewService> services) {
    List<Instance> rows = services.stream().map(NewService::instance).toList();
    StatementSpec statement =
        jdbc.sql(
            """
            insert into instances (
              id, owner_id, owner_handle, handle, display_name, description, definition_id,
              provider, api_standard, endpoint, endpoint_set_by, model, dimensions, context_limit,
              timeout_ms, enabled, central_key, user_keys, fallback_to_central, api_key_sealed,
              api_key_set_at, version, created_at, updated_at)
            select
              id, owner_id, owner_handle, handle, display_name, description, definition_id,
              provider, api_standard, endpoint, endpoint_set_by, model, dimensions, context_limit,
              timeout_ms, enabled, central_key, user_keys, fallback_to_central,
              decode(sealed, 'hex'), api_key_set_at, version, created_at, updated_at
            from unnest(
              cast(:ids as uuid[]), cast(:owners as uuid[]), :owner_handles, :handles, :names,
              :descriptions, cast(:definitions as uuid[]), :providers, :standards, :endpoints,
              cast(:endpoint_set_by as uuid[]), :models, cast(:dimensions as integer[]),
              cast(:context_limits as integer[]), cast(:timeouts as integer[]),
              cast(:enabled as boolean[]), cast(:central_key as boolean[]),
              cast(:user_keys as boolean[]), cast(:fallback as boolean[]), :sealed,
              cast(:key_set as timestamptz[]), cast(:versions as bigint[]),
              cast(:created as timestamptz[]), cast(:updated as timestamptz[]))
              as n (
                id, owner_id, owner_handle, handle, display_name, description, definition_id,
                provider, api_standard, endpoint, endpoint_set_by, model, dimensions,
                context_limit, timeout_ms, enabled, central_key, user_keys, fallback_to_central,
                sealed, api_key_set_at, version, created_at, updated_at)
            """);
    int unused =
        withSettings(withFields(statement, rows, i -> i.settings().fields()), rows)
            .param("ids", Columns.of(rows, i -> i.id().value()))
            .param("owners", Columns.of(rows, Instance::owner))
            .param("owner_handles", Columns.of(rows, i -> i.ref().owner()))
            .param("handles", Columns.of(rows, i -> i.ref().handle()))
            .param("endpoint_set_by", Columns.of(rows, Instance::endpointSetBy))
            .param("sealed", Columns.of(services, s -> s.apiKey().map(SealedValue::bytes)))
            .param("key_set", Columns.of(rows, Instance::apiKeySetAt))
            .param("versions", Columns.of(rows, Instance::version))
            .param("created", Columns.of(rows, Instance::createdAt))
            .param("updated", Columns.of(rows, Instance::updatedAt))
            .update();
  }

  private static StatementSpec withSettings(StatementSpec statement, List<Instance> rows) {
    List<InstanceSettings> settings = rows.stream().map(Instance::settings).toList();
    return statement
        .param("names", Columns.of(settings, s -> s.displayName().value()))
        .param("definitions", Columns.of(settings, s -> s.definition().map(DefinitionId::value)))
        .param("timeouts", Columns.of(settings, s -> s.timeout().millis()))
        .param("enabled", Columns.of(settings, InstanceSettings::enabled))
        .param("central_key", Columns.of(settings, s -> s.keyPolicy().centralKey()))
        .param("user_keys", Columns.of(settings, s -> s.keyPolicy().userKeys()))
        .param("fallback", Columns.of(settings, s -> s.keyPolicy().fallbackToCentral()));
  }

  private static <T> StatementSpec withFields(
      StatementSpec statement, List<T> rows, Function<T, DefinitionFields> of) {
    List<DefinitionFields> fields = rows.stream().map(of).toList();
    return statement
        .param("descriptions", Columns.of(fields, f -> f.description().value()))
        .param("providers", Columns.of(fields, f -> f.provider().wireName()))
        .param("standards", Columns.of(fields, DefinitionFields::apiStandard))
        .param("endpoints", Columns.of(fields, f -> f.endpoint().url()))
        .param("models", Columns.of(fields, f -> f.model().value()))
        .param("dimensions", Columns.of(fields, f -> f.dimensions().map(Dimensions::value)))
        .param(
            "context_limits", Columns.of(fields, f -> f.contextLimit().map(ContextLimit::value)));
  }

  void shares(Kind kind, List<NewShare> shares) {
    String statement =
        switch (kind) {
          case SHARE ->
              """
              insert into shares (
                instance_id, owner_handle, instance_handle, grantee_id, grantee_handle, given_by,
                created_at, role, may_reshare, version)
              select n.*, false, 1
              from unnest(
                cast(:things as uuid[]), :owners, :handles, cast(:grantees as uuid[]),
                :grantee_handles, cast(:givers as uuid[]), cast(:at as timestamptz[]), :roles) as n
              """;
          case DEFINITION_SHARE ->
              """
              insert into definition_shares (
                definition_id, owner_handle, definition_handle, grantee_id, grantee_handle,
                given_by, created_at, version)
              select thing, owner, handle, grantee, grantee_handle, giver, at, 1
              from unnest(
                cast(:things as uuid[]), :owners, :handles, cast(:grantees as uuid[]),
                :grantee_handles, cast(:givers as uuid[]), cast(:at as timestamptz[]), :roles)
                as n (thing, owner, handle, grantee, grantee_handle, giver, at, role)
              """;
          case MEMBER ->
              """
              insert into project_shares (
                project_id, owner_handle, project_handle, grantee_id, grantee_handle, given_by,
                created_at, role, version)
              select n.*, 1
              from unnest(
                cast(:things as uuid[]), :owners, :handles, cast(:grantees as uuid[]),
                :grantee_handles, cast(:givers as uuid[]), cast(:at as timestamptz[]), :roles) as n
              """;
          default -> throw new IllegalArgumentException(kind + " is no share");
        };
    int unused =
        jdbc.sql(statement)
            .param("things", Columns.of(shares, NewShare::shared))
            .param("owners", Columns.of(shares, NewShare::owner))
            .param("handles", Columns.of(shares, NewShare::handle))
            .param("grantees", Columns.of(shares, NewShare::grantee))
            .param("grantee_handles", Columns.of(shares, NewShare::granteeHandle))
            .param("givers", Columns.of(shares, NewShare::givenBy))
            .param("at", Columns.of(shares, NewShare::at))
            .param("roles", Columns.of(shares, s -> s.role().name().toLowerCase(Locale.ROOT)))
            .update();
  }

  void projects(List<Project> projects) {
    int unused =
        jdbc.sql(
                """
                insert into projects (
                  id, owner_id, owner_handle, handle, description, instance_id, version,
                  created_at, updated_at)
                select *
                from unnest(
                  cast(:ids as uuid[]), cast(:owners as uuid[]), :owner_handles, :handles,
                  :descriptions, cast(:instances as uuid[]), cast(:versions as bigint[]),
                  cast(:created as timestamptz[]), cast(:updated as timestamptz[]))
                """)
            .param("ids", Columns.of(projects, p -> p.id().value()))
            .param("owners", Columns.of(projects, Project::owner))
            .param("owner_handles", Columns.of(projects, p -> p.ref().owner()))
            .param("handles", Columns.of(projects, p -> p.ref().handle()))
            .param("descriptions", Columns.of(projects, p -> p.description().value()))
            .param("instances", Columns.of(projects, p -> p.instance().map(InstanceId::value)))
            .param("versions", Columns.of(projects, Project::version))
            .param("created", Columns.of(projects, Project::createdAt))
            .param("updated", Columns.of(projects, Project::updatedAt))
            .update();
  }
}
