package io.claviger.persistence;

import io.claviger.domain.WireNamed;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.FederationProvider;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.standards.WireFormat;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.Row;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names that this program declares, such as the kinds of credentials, compared with the names
 * in a database. Each name is a row to which other rows refer. A starting program adds the names
 * that it declares, so that a new name needs no migration.
 *
 * @param areMissing whether the database lacks a name that this program declares
 * @param areNewer whether the database has a name that only a newer program declares
 */
record DeclaredNames(boolean areMissing, boolean areNewer) {
  private static final String PROVIDERS = "providers";

  private static final Set<Name> OF_THIS_PROGRAM =
      Stream.of(
              names("credential_kinds", CredentialKind.values()),
              names("federation_providers", FederationProvider.values()),
              names("wire_formats", WireFormat.values()),
              Provider.known().stream().map(each -> new Name(PROVIDERS, each.wireName())))
          .flatMap(each -> each)
          .collect(Collectors.toUnmodifiableSet());

  /**
   * A provider with a content can be of an administrator. So only a provider without a content is
   * certainly declared by a program.
   */
  private static final String STORED =
      """
      select 'credential_kinds' as home, name, true as by_program from credential_kinds
      union all select 'federation_providers', name, true from federation_providers
      union all select 'wire_formats', name, true from wire_formats
      union all select 'providers', handle, content is null from providers
      """;

  /**
   * @param home the table that has a row for the name
   */
  private record Name(String home, String text) {}

  private static Stream<Name> names(String home, WireNamed... constants) {
    return Stream.of(constants).map(each -> new Name(home, each.wireName()));
  }

  /**
   * Compares this program's names with those of a database.
   *
   * @return the comparison; empty if one of the tables is missing, is hidden by a table of another
   *     schema, or can't be read by this role
   * @throws io.claviger.application.shared.StoreUnavailable if the database can't be reached
   */
  static Optional<DeclaredNames> in(Database database, SchemaName schema) {
    if (!areAllAllowed("select", database, schema)) {
      return Optional.empty();
    }
    Set<Name> all = new HashSet<>();
    Set<Name> byPrograms = new HashSet<>();
    database
        .jdbc()
        .sql(STORED)
        .query(
            Row.mapper(
                row -> {
                  Name name = new Name(row.text("home"), row.text("name"));
                  if (row.flag("by_program")) {
                    byPrograms.add(name);
                  }
                  return all.add(name);
                }))
        .list();
    return Optional.of(
        new DeclaredNames(
            !all.containsAll(OF_THIS_PROGRAM), !OF_THIS_PROGRAM.containsAll(byPrograms)));
  }

  /** Returns whether this role may add names to a database that has the tables for them. */
  static boolean mayBeAdded(Database database, SchemaName schema) {
    return areAllAllowed("insert", database, schema);
  }

  private static boolean areAllAllowed(String privilege, Database database, SchemaName schema) {
    String[] homes =
        OF_THIS_PROGRAM.stream().map(Name::home).distinct().sorted().toArray(String[]::new);
    return database
        .jdbc()
        .sql(
            """
            select count(*) = cardinality(:homes) from pg_class
            where relnamespace = cast(:schema as regnamespace) and relname = any(:homes)
              and pg_table_is_visible(oid) and has_table_privilege(oid, :privilege)
            """)
        .param("homes", homes)
        .param("schema", schema.value())
        .param("privilege", privilege)
        .query(Boolean.class)
        .single();
  }

  /**
   * Adds this program's names. Rows that exist stay as they are. The names have an order, because
   * nodes that start together would otherwise wait for each other in a circle.
   */
  static void add(Database database) {
    OF_THIS_PROGRAM.stream()
        .collect(Collectors.groupingBy(Name::home))
        .forEach(
            (home, names) ->
                Database.update(
                    database
                        .jdbc()
                        .sql(insertion(home))
                        .param(
                            "names",
                            names.stream().map(Name::text).sorted().toArray(String[]::new))));
  }

  private static String insertion(String home) {
    return home.equals(PROVIDERS)
        ? """
          insert into providers (handle, version, created_at, updated_at)
          select handle, 1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'
          from unnest(:names) as handle
          on conflict (handle) do nothing
          """
        : "insert into %s (name) select unnest(:names) on conflict (name) do nothing"
            .formatted(home);
  }
}
