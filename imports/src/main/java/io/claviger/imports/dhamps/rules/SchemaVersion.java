package io.claviger.imports.dhamps.rules;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The schema versions of dhamps-vdb's database. Each version is recognized by its tables. */
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

  /** Returns the tables of this version. */
  public List<String> tables() {
    return Stream.concat(COMMON.stream(), own.stream()).toList();
  }

  /**
   * @param tables the names of a database's tables. The result is empty if the tables belong to
   *     several versions, as after an interrupted migration
   */
  public static Optional<SchemaVersion> of(Set<String> tables) {
    List<SchemaVersion> fitting =
        Stream.of(values()).filter(shape -> tables.containsAll(shape.tables())).toList();
    return fitting.size() == 1 ? Optional.of(fitting.get(0)) : Optional.empty();
  }

  /**
   * Returns a phrase for an error message, with the names of the tables that identify a database.
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
