package io.claviger.application.prices;

import io.claviger.application.prices.port.ImportedModel;
import io.claviger.application.prices.port.PriceStore;
import io.claviger.application.prices.port.PriceStore.Imported;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Imports lists of the deployment's prices. An operator runs such an import on the command line.
 */
public final class PriceListImport {
  private final PriceStore prices;
  private final AuditedChanges changes;

  public PriceListImport(PriceStore prices, AuditedChanges changes) {
    this.prices = prices;
    this.changes = changes;
  }

  /** Thrown at the end of a dry run to roll back its transaction. */
  private static final class DryRun extends RuntimeException {
    private final Imported imported;

    DryRun(Imported imported) {
      super("dry run", null, false, false);
      this.imported = imported;
    }
  }

  /**
   * Imports a list in one transaction. If anything has changed, records one audit event. The prices
   * are valid from today (UTC). Prices of models that are not in the list stay unchanged.
   *
   * @param dryRun whether to roll back all changes at the end
   * @throws io.claviger.application.shared.ConcurrencyConflict if somebody else changed the same
   *     prices at the same time; in this case, the import has changed nothing
   */
  public Imported run(List<ImportedModel> models, boolean dryRun) {
    try {
      return changes.transactions().inTransaction(() -> add(models, dryRun));
    } catch (DryRun done) {
      return done.imported;
    }
  }

  private Imported add(List<ImportedModel> models, boolean dryRun) {
    Instant now = changes.now();
    Imported imported = prices.add(models, LocalDate.ofInstant(now, ZoneOffset.UTC), now);
    if (dryRun) {
      throw new DryRun(imported);
    }
    if (imported.added() + imported.changed() + imported.bounds() > 0) {
      changes
          .trail()
          .record(
              changes.eventOfNobody(
                  AuditEvent.COMMAND_LINE,
                  AuditAction.PRICE_UPDATE,
                  AuditTargets.priceList(),
                  AuditOutcome.DONE,
                  List.of()));
    }
    return imported;
  }
}
