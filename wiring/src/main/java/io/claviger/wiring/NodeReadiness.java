package io.claviger.wiring;

import io.claviger.application.health.Readiness;
import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.persistence.Schema;
import io.claviger.persistence.shared.Database;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Asks the database for each check, because an earlier result may be out of date. */
record NodeReadiness(Database database, KeyringAdmission keyring) implements Readiness {
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
    } catch (StoreUnavailable e) {
      return CheckResult.UNREACHABLE;
    }
  }

  private enum CheckResult {
    YES,
    NO,
    UNREACHABLE
  }
}
