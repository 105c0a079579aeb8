package io.claviger.wiring;

import io.claviger.application.health.NodeHealth;
import io.claviger.application.health.Readiness;
import io.claviger.application.health.SharedTime;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.operations.Operations;
import io.claviger.application.operations.port.Doctor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.persistence.Schema;
import io.claviger.persistence.keys.JdbcEncryptionKeys;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OperationsConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(OperationsConfiguration.class);

  /**
   * The checks use the database connections of gateway calls. So a node whose API is busy is still
   * ready to receive gateway calls.
   */
  @Bean
  Readiness readiness(
      Connections connections,
      NodeStore nodes,
      Sealer sealer,
      AuditedChanges changes,
      NodeLabel node) {
    Database calls = new Database(connections.calls());
    return new NodeReadiness(
        calls,
        KeyringAdmission.of(new JdbcEncryptionKeys(calls), nodes, sealer, changes, node.name()));
  }

  @Bean
  NodeHealth nodeHealth(Readiness readiness, Connections connections, InstantSource clock) {
    return new NodeHealth(readiness, new Database(connections.calls())::clock, clock);
  }

  @Bean
  Upkeep lookAtHealth(NodeHealth health, SharedTime time) {
    return Upkeep.each(
        Duration.ofSeconds(15),
        "health",
        () -> {
          health.look();
          health.clockOffset().flatMap(time::learn).ifPresent(OperationsConfiguration::log);
        });
  }

  private static void log(SharedTime.Notice notice) {
    LOG.atLevel(notice.isWarning() ? Level.WARN : Level.INFO).log(notice.text());
  }

  @Bean
  Operations operations(EncryptionKeys keys, Readiness readiness, Doctor doctor) {
    return Operations.of(keys, readiness, doctor, System::nanoTime);
  }

  /** Queries the database for each check, because an earlier result might be outdated. */
  private record NodeReadiness(Database database, KeyringAdmission keyring) implements Readiness {
    @Override
    public List<ReadinessCheck> checks() {
      CheckResult schema = ask(() -> Schema.isCurrent(database));
      CheckResult keys = schema == CheckResult.UNREACHABLE ? schema : ask(keyring::isStillAdmitted);
      return List.of(
          new ReadinessCheck("database", schema != CheckResult.UNREACHABLE),
          new ReadinessCheck("schema", schema == CheckResult.YES),
          new ReadinessCheck("encryption_keys", keys == CheckResult.YES));
    }

    private static CheckResult ask(BooleanSupplier question) {
      try {
        return question.getAsBoolean() ? CheckResult.YES : CheckResult.NO;
      } catch (StoreUnavailable | QueryTimeout e) {
        return CheckResult.UNREACHABLE;
      }
    }

    private enum CheckResult {
      YES,
      NO,
      UNREACHABLE
    }
  }
}
