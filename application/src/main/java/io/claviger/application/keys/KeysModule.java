package io.claviger.application.keys;

import io.claviger.application.keys.out.EncryptionKeys;
import io.claviger.application.keys.out.Sealer;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.out.AuditTrail;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.shared.out.Transactions;

/** Builds the use cases of encryption keys from what they need. */
public record KeysModule(AdmitKeyring admitKeyring) {

  public static KeysModule of(
      EncryptionKeys keys,
      Sealer sealer,
      Transactions transactions,
      AuditTrail trail,
      Ids ids,
      Attempts attempts) {
    return new KeysModule(
        new AdmitKeyringService(keys, sealer, transactions, trail, ids, attempts));
  }
}
