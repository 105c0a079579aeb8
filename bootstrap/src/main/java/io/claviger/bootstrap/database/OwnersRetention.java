package io.claviger.bootstrap.database;

import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.retention.Retention;
import io.claviger.application.retention.port.MonthPartitions.KeptByMonth;
import io.claviger.application.retention.port.MonthPartitions.RemovedMonths;
import io.claviger.domain.retention.RetentionPolicy;
import io.claviger.persistence.Schema;
import io.claviger.persistence.audit.JdbcAuditTrail;
import io.claviger.persistence.retention.JdbcMonthPartitions;
import io.claviger.persistence.retention.JdbcRetentionPolicy;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.UuidV7Ids;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes old months of usage and of the audit trail every hour, with the role that owns the
 * tables. If a program that reads for a long time, such as a backup, uses the tables, an attempt
 * ends with a {@link io.claviger.application.shared.ConcurrencyConflict}.
 */
final class OwnersRetention implements Upkeep.Turn {
  static final Duration PAUSE = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(OwnersRetention.class);

  private final Supplier<? extends DataSource> service;
  private final Supplier<HikariDataSource> owner;
  private final RetentionPolicy bounds;
  private final InstantSource clock;
  private boolean powerless;

  /**
   * @param service the node's own connection pool. Before the owner's pool is opened, this pool is
   *     used to find out whether there is anything to remove
   * @param owner the function that opens a pool with the owner's role. The function is called once
   *     per attempt
   * @param clock this node's own clock
   */
  OwnersRetention(
      Supplier<? extends DataSource> service,
      Supplier<HikariDataSource> owner,
      RetentionPolicy bounds,
      InstantSource clock) {
    this.service = service;
    this.owner = owner;
    this.bounds = bounds;
    this.clock = clock;
  }

  @Override
  public Duration take() {
    if (new JdbcRetentionPolicy(new Database(service.get()))
        .find()
        .policy()
        .within(bounds)
        .keepsEverything()) {
      return PAUSE;
    }
    try (HikariDataSource connections = owner.get()) {
      if (new Schema(connections).ownsTables()) {
        powerless = false;
        remove(new Database(connections));
      } else {
        warnOnce();
      }
      return PAUSE;
    }
  }

  private void warnOnce() {
    if (!powerless) {
      LOG.error(
          "old months are not removed here, because the role does not own the tables: set"
              + " CLAVIGER_MIGRATION_DATABASE_URL on one node");
    }
    powerless = true;
  }

  private void remove(Database database) {
    Retention retention =
        new Retention(
            new JdbcMonthPartitions(database),
            new JdbcRetentionPolicy(database),
            database.transactions(),
            new JdbcAuditTrail(database),
            new UuidV7Ids(clock),
            clock);
    for (KeptByMonth what : KeptByMonth.values()) {
      for (RemovedMonths removed : retention.remove(what, bounds)) {
        LOG.info("{} of {} was removed", what, removed.name());
      }
    }
  }
}
