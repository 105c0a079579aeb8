package io.claviger.imports.dhamps.jdbc;

/** The SQL statements that read a dhamps-vdb database, for each schema version. */
final class SourceSql {
  static final String USERS =
      """
      select coalesce(left(user_handle, 1000), '') as handle, left(name, 20000) as name,
        left(email, 20000) as email,
        case when isfinite(created_at) then created_at at time zone 'UTC' end as created_at,
        case when isfinite(updated_at) then updated_at at time zone 'UTC' end as updated_at
      from users
      order by user_handle
      """;

  static final String STANDARDS =
      """
      select coalesce(left(api_standard_handle, 1000), '') as handle,
        coalesce(left(description, 20000), '') as description,
        coalesce(left(key_method, 20000), '') as key_method,
        coalesce(left(key_field, 20000), '') as key_field,
        case when isfinite(created_at) then created_at at time zone 'UTC' end as created_at,
        case when isfinite(updated_at) then updated_at at time zone 'UTC' end as updated_at
      from api_standards
      order by api_standard_handle
      """;

  static final String REFACTORED_DEFINITIONS =
      described(
          "definition_id",
          "definition_handle",
          "null::integer as context_limit, false as is_public",
          "llm_service_definitions");

  static final String RENAMED_DEFINITIONS =
      described(
          "definition_id",
          "definition_handle",
          "context_limit, coalesce(is_public, false) as is_public",
          "definitions");

  static final String BEFORE_SERVICES =
      described(
          "llm_service_id",
          "llm_service_handle",
          "null::integer as context_limit, null::integer as definition",
          "llm_services");

  static final String REFACTORED_SERVICES =
      described(
          "instance_id",
          "instance_handle",
          "null::integer as context_limit, definition_id as definition",
          "llm_service_instances");

  static final String RENAMED_SERVICES =
      described(
          "instance_id",
          "instance_handle",
          "context_limit, definition_id as definition",
          "instances");

  static final String BEFORE_SHARES =
      """
      select coalesce(left(user_handle, 1000), '') as user_handle, coalesce(llm_service_id, 0) as service,
        coalesce(left(role, 1000), '') as role, true as older
      from users_llm_services
      order by llm_service_id, user_handle
      """;

  static final String REFACTORED_SHARES =
      """
      select coalesce(left(user_handle, 1000), '') as user_handle, coalesce(instance_id, 0) as service,
        coalesce(left(role, 1000), '') as role, false as older
      from llm_service_instances_shared_with
      union all
      select coalesce(left(user_handle, 1000), ''), coalesce(instance_id, 0), coalesce(left(role, 1000), ''), true
      from users_llm_service_instances
      order by service, user_handle
      """;

  static final String RENAMED_SHARES =
      """
      select coalesce(left(user_handle, 1000), '') as user_handle, coalesce(instance_id, 0) as service,
        coalesce(left(role, 1000), '') as role, false as older
      from instances_shared_with
      order by instance_id, user_handle
      """;

  static final String RENAMED_SIGHTS =
      """
      select coalesce(left(user_handle, 1000), '') as user_handle,
        coalesce(definition_id, 0) as definition
      from definitions_shared_with
      order by definition_id, user_handle
      """;

  static final String BEFORE_PROJECTS = projects("null::integer");

  static final String REFACTORED_PROJECTS = projects("llm_service_instance_id");

  static final String RENAMED_PROJECTS = projects("instance_id");

  static final String MEMBERS =
      """
      select coalesce(left(user_handle, 1000), '') as user_handle, coalesce(project_id, 0) as project,
        coalesce(left(role, 1000), '') as role
      from users_projects
      order by project_id, user_handle
      """;

  static final String BEFORE_LINKS =
      """
      select coalesce(project_id, 0) as project, coalesce(llm_service_id, 0) as service,
        case when isfinite(created_at) then created_at at time zone 'UTC' end as created_at
      from projects_llm_services
      order by project_id, llm_service_id
      """;

  static final String BEFORE_KEYS =
      """
      select llm_service_id as id,
        convert_to(nullif(left(api_key, 20000), ''), getdatabaseencoding()) as plain,
        null::bytea as sealed
      from llm_services
      where llm_service_id = any(cast(:ids as bigint[]))
        and (api_key <> '')
      order by llm_service_id
      """;

  static final String REFACTORED_KEYS =
      """
      select instance_id as id,
        convert_to(nullif(left(api_key, 20000), ''), getdatabaseencoding()) as plain,
        nullif(substring(api_key_encrypted for 20000), '\\x') as sealed
      from llm_service_instances
      where instance_id = any(cast(:ids as bigint[]))
        and (api_key <> '' or octet_length(api_key_encrypted) > 0)
      order by instance_id
      """;

  static final String RENAMED_KEYS =
      """
      select instance_id as id,
        null::bytea as plain,
        nullif(substring(api_key_encrypted for 20000), '\\x') as sealed
      from instances
      where instance_id = any(cast(:ids as bigint[]))
        and (octet_length(api_key_encrypted) > 0)
      order by instance_id
      """;

  private SourceSql() {}

  /**
   * Returns the statement that reads definitions or services.
   *
   * @param more the columns that only some schema versions have
   */
  private static String described(String id, String handle, String more, String table) {
    return """
           select coalesce(%1$s, 0) as id, coalesce(left(owner, 1000), '') as owner,
             coalesce(left(%2$s, 1000), '') as handle,
             coalesce(left(endpoint, 20000), '') as endpoint,
             coalesce(left(description, 20000), '') as description,
             coalesce(left(api_standard, 20000), '') as api_standard,
             coalesce(left(model, 20000), '') as model, dimensions,
             %3$s,
             case when isfinite(created_at) then created_at at time zone 'UTC' end as created_at,
             case when isfinite(updated_at) then updated_at at time zone 'UTC' end as updated_at
           from %4$s
           order by %1$s
           """
        .formatted(id, handle, more, table);
  }

  /**
   * @param service the column with a project's service
   */
  private static String projects(String service) {
    return """
           select coalesce(project_id, 0) as id, coalesce(left(owner, 1000), '') as owner,
             coalesce(left(project_handle, 1000), '') as handle,
             coalesce(left(description, 20000), '') as description, %s as service,
             coalesce(public_read, false) as public_read,
             coalesce(metadata_scheme, '') <> '' as metadata_scheme,
             case when isfinite(created_at) then created_at at time zone 'UTC' end as created_at,
             case when isfinite(updated_at) then updated_at at time zone 'UTC' end as updated_at
           from projects
           order by project_id
           """
        .formatted(service);
  }
}
