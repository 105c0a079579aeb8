package io.claviger.application.keys;

import io.claviger.application.keys.out.EncryptionKeys;
import io.claviger.application.keys.out.Nodes;
import io.claviger.application.keys.out.Sealer;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.out.AuditTrail;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.shared.out.Transactions;

/** Builds the use cases of a node's encryption keys from what they need. */
public record KeysModule(AdmitKeyring admitKeyring) {

  /**
   * @param node what an operator knows this node by
   */
  public static KeysModule of(
      EncryptionKeys keys,
      Nodes nodes,
      Sealer sealer,
      Transactions transactions,
      AuditTrail trail,
      Ids ids,
      Attempts attempts,
      String node) {
    KeyTrail recorded = new KeyTrail(transactions, trail, ids, attempts, "");
    KeyringCheck keyring = new KeyringCheck(keys, nodes, sealer, recorded);
    return new KeysModule(
        new AdmitKeyringService(keys, nodes, keyring, transactions, ids.next(), node));
  }
}
