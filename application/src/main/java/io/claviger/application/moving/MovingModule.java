package io.claviger.application.moving;

import io.claviger.application.keys.AdmitKeyring;
import io.claviger.application.keys.out.Sealer;
import io.claviger.application.moving.out.Arrivals;
import io.claviger.application.moving.out.OldDatabase;
import io.claviger.application.moving.out.OldSealing;
import io.claviger.application.shared.out.AuditTrail;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.shared.out.Transactions;
import io.claviger.application.standards.out.ApiStandards;
import java.time.InstantSource;

/** Builds the use case of moving in from what it needs. */
public record MovingModule(MoveIn moveIn) {

  public static MovingModule of(
      OldDatabase old,
      OldSealing oldSealing,
      Arrivals arrivals,
      ApiStandards standards,
      AdmitKeyring admitKeyring,
      Sealer sealer,
      Transactions transactions,
      AuditTrail trail,
      Ids ids,
      InstantSource clock) {
    return new MovingModule(
        new MoveInService(
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
