package io.claviger.bootstrap.database;

import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.retention.KeptByMonth;
import io.claviger.application.retention.RemovedMonths;
import io.claviger.application.retention.Retention;
import io.claviger.bootstrap.settings.RetentionSettings;
import io.claviger.persistence.audit.JdbcAuditTrail;
import io.claviger.persistence.retention.JdbcMonthPartitions;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.UuidV7Ids;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes old months of usage and of the audit trail, with the role that owns the tables. */
final class OwnersRetention implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(OwnersRetention.class);

  private final Supplier<HikariDataSource> owner;
  private final RetentionSettings settings;

  /**
   * @param owner connects as the owner; called once for each run
   */
  OwnersRetention(Supplier<HikariDataSource> owner, RetentionSettings settings) {
    this.owner = owner;
    this.settings = settings;
  }

  @Override
  public void run() {
    if (settings.kept().isEmpty()) {
      return;
    }
    try (HikariDataSource connections = owner.get()) {
      Database database = new Database(connections);
      Retention retention =
          new Retention(
              new JdbcMonthPartitions(database),
              database.transactions(),
              new JdbcAuditTrail(database),
              new UuidV7Ids(InstantSource.system()));
      for (KeptByMonth what : KeptByMonth.values()) {
        for (RemovedMonths removed : retention.remove(what, settings.kept())) {
          LOG.info("{} of {} was removed", what, removed.name());
        }
      }
    }
  }
}
