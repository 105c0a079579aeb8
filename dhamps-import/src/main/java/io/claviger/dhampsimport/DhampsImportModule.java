package io.claviger.dhampsimport;

import io.claviger.application.keys.AdmitKeyring;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.Transactions;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.dhampsimport.port.ImportStore;
import io.claviger.dhampsimport.port.SourceDatabase;
import io.claviger.dhampsimport.port.SourceDecryption;
import java.time.InstantSource;

/** Builds the import from the ports that it needs. */
public record DhampsImportModule(DhampsImport moveIn) {

  public static DhampsImportModule of(
      SourceDatabase old,
      SourceDecryption oldSealing,
      ImportStore arrivals,
      ApiStandardStore standards,
      AdmitKeyring admitKeyring,
      Sealer sealer,
      Transactions transactions,
      AuditTrail trail,
      Ids ids,
      InstantSource clock) {
    return new DhampsImportModule(
        new ImportRun(
            old,
            oldSealing,
            arrivals,
            standards,
            admitKeyring,
            sealer,
            transactions,
            trail,
            ids,
            clock));
  }
}
