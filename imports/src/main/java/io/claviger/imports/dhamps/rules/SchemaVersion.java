package io.claviger.imports.dhamps.rules;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The versions of the database schema of dhamps-vdb. Each version is recognized by the tables that
 * it has.
 */
public enum SchemaVersion {
  BEFORE("llm_services", "users_llm_services", "projects_llm_services"),
  REFACTORED(
      "llm_service_definitions",
      "llm_service_instances",
      "llm_service_instances_shared_with",
      "users_llm_service_instances"),
  RENAMED("definitions", "definitions_shared_with", "instances", "instances_shared_with");

  private static final List<String> COMMON =
      List.of("users", "api_standards", "projects", "users_projects");

  private final List<String> own;

  SchemaVersion(String... own) {
    this.own = List.of(own);
  }

  /** Returns the tables that a database of this version has. */
  public List<String> tables() {
    return Stream.concat(COMMON.stream(), own.stream()).toList();
  }

  /**
   * @param tables the names of the tables in a database. If they belong to several versions, as
   *     after an interrupted migration, the result is empty
   */
  public static Optional<SchemaVersion> of(Set<String> tables) {
    List<SchemaVersion> fitting =
        Stream.of(values()).filter(shape -> tables.containsAll(shape.tables())).toList();
    return fitting.size() == 1 ? Optional.of(fitting.get(0)) : Optional.empty();
  }

  /**
   * Returns words for an error message, which name the tables by which an import recognizes a
   * database.
   */
  public static String lookedFor() {
    return "tables %s, and with them either %s, or %s, or %s"
        .formatted(
            String.join(", ", COMMON),
            String.join(", ", BEFORE.own),
            String.join(", ", REFACTORED.own),
            String.join(", ", RENAMED.own));
  }
}
