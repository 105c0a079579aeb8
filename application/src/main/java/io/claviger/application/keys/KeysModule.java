package io.claviger.application.keys;

import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.Transactions;

/** Builds the use cases of a node's encryption keys from what they need. */
public record KeysModule(AdmitKeyring admitKeyring) {

  /**
   * @param node what an operator knows this node by
   */
  public static KeysModule of(
      EncryptionKeyStore keys,
      NodeStore nodes,
      Sealer sealer,
      Transactions transactions,
      AuditTrail trail,
      Ids ids,
      AuditedChanges attempts,
      String node) {
    KeyAudit recorded = new KeyAudit(transactions, trail, ids, attempts, "");
    KeyringCheck keyring = new KeyringCheck(keys, nodes, sealer, recorded);
    return new KeysModule(
        new AdmitKeyringService(keys, nodes, keyring, transactions, ids.next(), node));
  }
}
