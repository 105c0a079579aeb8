package io.claviger.bootstrap.doctor;

import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.operations.port.Doctor.Finding;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.database.DataSources;
import io.claviger.bootstrap.settings.DatabaseSettings;
import io.claviger.embeddedpostgres.LoginAttempt;
import io.claviger.host.DatabaseAddress;
import io.claviger.host.StartRefused;
import io.claviger.persistence.ConnectionRoute;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Examines the address at which a node reaches the database without the pooler. A node watches for
 * changes at this address.
 */
final class DirectDatabaseExamination {
  private static final String NAME = "direct_database";

  private final Consumer<Finding> findings;

  DirectDatabaseExamination(Consumer<Finding> findings) {
    this.findings = findings;
  }

  /**
   * @param service the connections to the address in {@code DATABASE_URL}
   * @param direct the address of the database itself; empty if the operator has set no such address
   * @param sharesSessions a function that says whether the pooler uses another connection for each
   *     transaction; called only if there is a pooler
   */
  void run(DataSource service, Optional<DatabaseAddress> direct, BooleanSupplier sharesSessions) {
    direct.ifPresentOrElse(
        address -> compare(service, address),
        () -> {
          if (ConnectionRoute.isBehindPooler(service)) {
            findings.accept(
                sharesSessions.getAsBoolean()
                    ? Finding.fail(NAME, ConnectedDatabase.SHARED_SESSIONS)
                    : Finding.warn(NAME, ConnectedDatabase.UNSTATED_POOLER));
          }
        });
  }

  private void compare(DataSource service, DatabaseAddress direct) {
    try (HikariDataSource watching = DataSources.watching(LoginAttempt.checked(direct))) {
      findings.accept(
          ConnectionRoute.isSameDatabase(service, watching)
              ? Finding.ok(NAME, "leads to the same database as DATABASE_URL")
              : Finding.fail(
                  NAME,
                  "DATABASE_URL and %s lead to two databases".formatted(DatabaseSettings.DIRECT)));
    } catch (StartRefused e) {
      e.lines()
          .forEach(
              line -> findings.accept(Finding.fail(NAME, DatabaseSettings.DIRECT + ": " + line)));
    }
  }
}
