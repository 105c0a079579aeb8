package io.claviger.bootstrap.node;

import io.claviger.application.health.Readiness;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.bootstrap.wiring.NodeContext;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Asks the database for each check, because an earlier result may be out of date. */
record NodeReadiness(NodeContext context) implements Readiness {
  @Override
  public List<Check> checks() {
    CheckResult schema = ask(context::isSchemaCurrent);
    CheckResult keys =
        schema == CheckResult.UNREACHABLE
            ? schema
            : ask(() -> context.keyringAdmission().isStillAdmitted());
    return List.of(
        new Check("database", schema != CheckResult.UNREACHABLE),
        new Check("schema", schema == CheckResult.YES),
        new Check("encryption_keys", keys == CheckResult.YES));
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
