package io.claviger.application.keys;

import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.SealedValueStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.audit.AuditEvent;
import java.util.Optional;

/** Builds what an operator does to encryption keys from what that needs. */
public record RotationModule(
    KeysStatus keysStatus, RotateKeys rotateKeys, RetireKey retireKey, DiscardKey discardKey) {

  /**
   * @param sealer with the operator's encryption keys; only rotating is nothing without
   */
  public static RotationModule of(
      EncryptionKeyStore keys,
      NodeStore nodes,
      SealedValueStore values,
      Optional<Sealer> sealer,
      Transactions transactions,
      AuditTrail trail,
      Ids ids,
      AuditedChanges attempts) {
    KeyAudit recorded = new KeyAudit(transactions, trail, ids, attempts, AuditEvent.COMMAND_LINE);
    return new RotationModule(
        new KeysStatusService(keys, nodes, values, transactions),
        new RotateKeysService(keys, nodes, values, sealer, transactions, recorded),
        new RetireKeyService(keys, nodes, values, transactions, recorded),
        new DiscardKeyService(keys, nodes, values, sealer, transactions, recorded, attempts));
  }
}
