package io.claviger.application.keys;

import io.claviger.application.keys.out.EncryptionKeys;
import io.claviger.application.keys.out.Nodes;
import io.claviger.application.keys.out.SealedValues;
import io.claviger.application.keys.out.Sealer;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.out.AuditTrail;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.shared.out.Transactions;
import io.claviger.domain.audit.AuditEvent;
import java.util.Optional;

/** Builds what an operator does to encryption keys from what that needs. */
public record RotationModule(
    KeysStatus keysStatus, RotateKeys rotateKeys, RetireKey retireKey, DiscardKey discardKey) {

  /**
   * @param sealer with the operator's encryption keys; only rotating is nothing without
   */
  public static RotationModule of(
      EncryptionKeys keys,
      Nodes nodes,
      SealedValues values,
      Optional<Sealer> sealer,
      Transactions transactions,
      AuditTrail trail,
      Ids ids,
      Attempts attempts) {
    KeyTrail recorded = new KeyTrail(transactions, trail, ids, attempts, AuditEvent.COMMAND_LINE);
    return new RotationModule(
        new KeysStatusService(keys, nodes, values, transactions),
        new RotateKeysService(keys, nodes, values, sealer, transactions, recorded),
        new RetireKeyService(keys, nodes, values, transactions, recorded),
        new DiscardKeyService(keys, nodes, values, sealer, transactions, recorded, attempts));
  }
}
