package io.claviger.imports.dhamps.jdbc;

import io.claviger.domain.Email;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.projects.Project;
import io.claviger.imports.dhamps.port.ImportStore.NewService;
import io.claviger.imports.dhamps.port.ImportStore.NewShare;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.UnnestedColumns;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Inserts many rows of a table with one statement. */
final class BulkInserts {
  private final JdbcClient jdbc;

  BulkInserts(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void insertUsers(List<User> users) {
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
            .param("ids", UnnestedColumns.of(users, User::id))
            .param("handles", UnnestedColumns.of(users, User::handle))
            .param("names", UnnestedColumns.of(users, u -> u.displayName().value()))
            .param("emails", UnnestedColumns.of(users, u -> u.email().map(Email::value)))
            .param("administrators", UnnestedColumns.of(users, User::administrator))
            .param("versions", UnnestedColumns.of(users, User::version))
            .param("created", UnnestedColumns.of(users, User::createdAt))
            .param("updated", UnnestedColumns.of(users, User::updatedAt))
            .update();
  }

  void insertDefinitions(List<Definition> definitions) {
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
            .param("ids", UnnestedColumns.of(definitions, d -> d.id().value()))
            .param("owners", UnnestedColumns.of(definitions, Definition::owner))
            .param("owner_handles", UnnestedColumns.of(definitions, d -> d.ref().owner()))
            .param("handles", UnnestedColumns.of(definitions, d -> d.ref().handle()))
            .param("public", UnnestedColumns.of(definitions, Definition::isPublic))
            .param("versions", UnnestedColumns.of(definitions, Definition::version))
            .param("created", UnnestedColumns.of(definitions, Definition::createdAt))
            .param("updated", UnnestedColumns.of(definitions, Definition::updatedAt))
            .update();
  }

  /** Inserts instances. Imported instances have no header values, organization and limits. */
  void insertServices(List<NewService> services) {
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
            .param("ids", UnnestedColumns.of(rows, i -> i.id().value()))
            .param("owners", UnnestedColumns.of(rows, Instance::owner))
            .param("owner_handles", UnnestedColumns.of(rows, i -> i.ref().owner()))
            .param("handles", UnnestedColumns.of(rows, i -> i.ref().handle()))
            .param("endpoint_set_by", UnnestedColumns.of(rows, Instance::endpointSetBy))
            .param("sealed", UnnestedColumns.of(services, s -> s.apiKey().map(SealedValue::bytes)))
            .param("key_set", UnnestedColumns.of(rows, Instance::apiKeySetAt))
            .param("versions", UnnestedColumns.of(rows, Instance::version))
            .param("created", UnnestedColumns.of(rows, Instance::createdAt))
            .param("updated", UnnestedColumns.of(rows, Instance::updatedAt))
            .update();
  }

  private static StatementSpec withSettings(StatementSpec statement, List<Instance> rows) {
    List<InstanceSettings> settings = rows.stream().map(Instance::settings).toList();
    return statement
        .param("names", UnnestedColumns.of(settings, s -> s.displayName().value()))
        .param(
            "definitions",
            UnnestedColumns.of(settings, s -> s.definition().map(Definition.Id::value)))
        .param("timeouts", UnnestedColumns.of(settings, s -> s.timeout().millis()))
        .param("enabled", UnnestedColumns.of(settings, InstanceSettings::enabled))
        .param("central_key", UnnestedColumns.of(settings, s -> s.keyPolicy().centralKey()))
        .param("user_keys", UnnestedColumns.of(settings, s -> s.keyPolicy().userKeys()))
        .param("fallback", UnnestedColumns.of(settings, s -> s.keyPolicy().fallbackToCentral()));
  }

  private static <T> StatementSpec withFields(
      StatementSpec statement, List<T> rows, Function<T, DefinitionFields> of) {
    List<DefinitionFields> fields = rows.stream().map(of).toList();
    return statement
        .param("descriptions", UnnestedColumns.of(fields, f -> f.description().value()))
        .param("providers", UnnestedColumns.of(fields, f -> f.provider().wireName()))
        .param("standards", UnnestedColumns.of(fields, DefinitionFields::apiStandard))
        .param("endpoints", UnnestedColumns.of(fields, f -> f.endpoint().url()))
        .param("models", UnnestedColumns.of(fields, f -> f.model().value()))
        .param("dimensions", UnnestedColumns.of(fields, f -> f.dimensions().map(Dimensions::value)))
        .param(
            "context_limits",
            UnnestedColumns.of(fields, f -> f.contextLimit().map(ContextLimit::value)));
  }

  void insertShares(ImportedKind kind, List<NewShare> shares) {
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
            .param("things", UnnestedColumns.of(shares, NewShare::shared))
            .param("owners", UnnestedColumns.of(shares, NewShare::owner))
            .param("handles", UnnestedColumns.of(shares, NewShare::handle))
            .param("grantees", UnnestedColumns.of(shares, NewShare::grantee))
            .param("grantee_handles", UnnestedColumns.of(shares, NewShare::granteeHandle))
            .param("givers", UnnestedColumns.of(shares, NewShare::givenBy))
            .param("at", UnnestedColumns.of(shares, NewShare::at))
            .param(
                "roles", UnnestedColumns.of(shares, s -> s.role().name().toLowerCase(Locale.ROOT)))
            .update();
  }

  void insertProjects(List<Project> projects) {
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
            .param("ids", UnnestedColumns.of(projects, p -> p.id().value()))
            .param("owners", UnnestedColumns.of(projects, Project::owner))
            .param("owner_handles", UnnestedColumns.of(projects, p -> p.ref().owner()))
            .param("handles", UnnestedColumns.of(projects, p -> p.ref().handle()))
            .param("descriptions", UnnestedColumns.of(projects, p -> p.description().value()))
            .param(
                "instances",
                UnnestedColumns.of(projects, p -> p.instance().map(Instance.Id::value)))
            .param("versions", UnnestedColumns.of(projects, Project::version))
            .param("created", UnnestedColumns.of(projects, Project::createdAt))
            .param("updated", UnnestedColumns.of(projects, Project::updatedAt))
            .update();
  }
}
