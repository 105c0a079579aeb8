package io.claviger.persistence;

import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Makes the schema of an earlier version, to be upgraded. */
final class EarlierSchema {
  private EarlierSchema() {}

  /**
   * @param version the last migration of that version, such as {@code 098}
   */
  static TestDatabase until(String version) {
    return PostgresForTests.migrated("until " + version, source -> migrate(source, version));
  }

  static void migrate(DataSource source, String version) {
    Object unused =
        Flyway.configure(Schema.class.getClassLoader())
            .dataSource(source)
            .locations("classpath:io/claviger/persistence/migrations")
            .defaultSchema("public")
            .createSchemas(false)
            .placeholderReplacement(false)
            .target(version)
            .load()
            .migrate();
  }
}
