package io.claviger.imports.shared;

import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.standards.ApiStandard;
import java.util.List;
import java.util.Optional;

/**
 * An API standard to import. If Claviger already has a standard with this handle, that standard
 * stays unchanged.
 *
 * @param id the standard's id in the source
 */
public record IncomingStandard(TargetStores stores, String id, ApiStandard standard)
    implements Incoming {
  @Override
  public ImportedKind kind() {
    return ImportedKind.STANDARD;
  }

  @Override
  public Made make(Arrivals arrivals) {
    boolean exists = stores.standards.hold(standard.handle()).isPresent();
    if (exists) {
      return new Made.Existing(stores.idOfStandard(standard.handle()));
    }
    stores.standards.insert(standard);
    return new Made.New(
        stores.idOfStandard(standard.handle()),
        Optional.empty(),
        AuditAction.STANDARD_CREATE,
        AuditTargets.standard(standard.handle()),
        List.of());
  }
}
