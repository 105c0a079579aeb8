package io.claviger.bootstrap.doctor;

import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.operations.port.Doctor.Finding;
import io.claviger.bootstrap.database.DataSources;
import io.claviger.bootstrap.settings.DatabaseSettings;
import io.claviger.embeddedpostgres.LoginAttempt;
import io.claviger.host.DatabaseAddress;
import io.claviger.host.StartRefused;
import io.claviger.persistence.ConnectionRoute;
import io.claviger.persistence.Schema;
import io.claviger.persistence.retention.JdbcRetentionPolicy;
import io.claviger.persistence.shared.Database;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Examines the schema in the way in which a starting node would use it, with the owner's role for
 * migrations, and with the service's role for everything else.
 */
final class SchemaExamination {
  private static final String NAME = "schema";
  private static final String RIGHTS = "rights";

  /**
   * The number of connections for an examination. Two connections are needed at the same time to
   * read the history of migrations.
   */
  private static final int CONNECTIONS = 2;

  private final Consumer<Finding> findings;
  private final boolean removesMonths;

  /**
   * @param removesMonths whether environment variables make nodes remove old months, independently
   *     of the administrators' choice
   */
  SchemaExamination(Consumer<Finding> findings, boolean removesMonths) {
    this.findings = findings;
    this.removesMonths = removesMonths;
  }

  /**
   * @param service the connections with the database role of a serving node
   * @param owner the address for connections with the role that runs migrations; empty if the
   *     service has the same role
   * @return the schema's state; empty if it is unknown, or if the service's role can't use the
   *     schema
   */
  Optional<Schema.State> run(DataSource service, Optional<DatabaseAddress> owner) {
    if (owner.isEmpty()) {
      return examine(service, service, DatabaseSettings.SERVICES);
    }
    try (HikariDataSource migrating =
        DataSources.patient(LoginAttempt.checked(owner.get()), CONNECTIONS)) {
      if (!ConnectionRoute.isSameDatabase(service, migrating)) {
        findings.accept(
            Finding.fail(
                NAME,
                "%s and %s lead to two databases"
                    .formatted(DatabaseSettings.SERVICES, DatabaseSettings.OWNERS)));
        return Optional.empty();
      }
      return examine(service, migrating, DatabaseSettings.OWNERS);
    } catch (StartRefused e) {
      e.lines()
          .forEach(
              line -> findings.accept(Finding.fail(NAME, DatabaseSettings.OWNERS + ": " + line)));
      return Optional.empty();
    }
  }

  private Optional<Schema.State> examine(
      DataSource service, DataSource migrating, String variable) {
    Schema schema = new Schema(migrating);
    Schema.State state = schema.state();
    findings.accept(finding(state, state.isMigratedAtStart() && !schema.mayMigrate(), variable));
    if (state != Schema.State.CURRENT) {
      return Optional.of(state);
    }
    List<String> outOfReach = new Schema(service).tablesOutOfReach();
    findings.accept(rights(outOfReach));
    if (removesMonths || (outOfReach.isEmpty() && isToRemoveMonths(service))) {
      findings.accept(retention(schema.ownsTables(), variable));
    }
    return outOfReach.isEmpty() ? Optional.of(state) : Optional.empty();
  }

  /**
   * Returns whether administrators have chosen to remove old months of usage or of the audit trail.
   */
  private static boolean isToRemoveMonths(DataSource service) {
    return !new JdbcRetentionPolicy(new Database(service)).find().policy().keepsEverything();
  }

  /**
   * @param powerless whether the role in the address that {@code variable} contains lacks the right
   *     to run the due migrations
   */
  static Finding finding(Schema.State state, boolean powerless, String variable) {
    Finding found = DatabaseExamination.schema(state);
    return powerless
        ? Finding.fail(
            NAME, "%s, but the role of %s may not change it".formatted(found.what(), variable))
        : found;
  }

  static Finding rights(List<String> outOfReach) {
    return outOfReach.isEmpty()
        ? Finding.ok(RIGHTS, "the role of DATABASE_URL may use every table")
        : Finding.fail(
            RIGHTS,
            "the role of DATABASE_URL may not use %s: grant it what docs/database.md says"
                .formatted(String.join(", ", outOfReach)));
  }

  /**
   * @param owns whether the tables belong to the role in the database's address
   * @param variable the environment variable with this address
   */
  static Finding retention(boolean owns, String variable) {
    return owns
        ? Finding.ok("retention", "the role of %s may remove old months".formatted(variable))
        : Finding.warn(
            "retention",
            "old months stay, because the role of %s does not own the tables: set %s"
                .formatted(variable, DatabaseSettings.OWNERS));
  }
}
