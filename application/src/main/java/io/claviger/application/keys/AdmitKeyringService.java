package io.claviger.application.keys;

import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.EncryptionKeyStore.Known;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.shared.port.Transactions;
import java.util.List;
import java.util.UUID;

final class AdmitKeyringService implements AdmitKeyring {
  private final EncryptionKeyStore keys;
  private final NodeStore nodes;
  private final KeyringCheck keyring;
  private final Transactions transactions;
  private final UUID id;
  private final String name;

  AdmitKeyringService(
      EncryptionKeyStore keys,
      NodeStore nodes,
      KeyringCheck keyring,
      Transactions transactions,
      UUID id,
      String name) {
    this.keys = keys;
    this.nodes = nodes;
    this.keyring = keyring;
    this.transactions = transactions;
    this.id = id;
    this.name = name;
  }

  @Override
  public Outcome admit() {
    return transactions.inTransaction(
        () -> {
          List<Known> known = keys.lockAll();
          Outcome outcome = keyring.judge(known);
          if (outcome instanceof Outcome.Admitted) {
            keyring.putOnRecord(known);
            nodes.heartbeat(id, keyring.named(name));
          }
          return outcome;
        });
  }

  /** Locks only where a key is new: it may be part of a long transaction, and nodes start. */
  @Override
  public Outcome admitCommand() {
    return transactions.inTransaction(
        () -> {
          List<Known> seen = keys.all();
          List<Known> known = keyring.isOnRecord(seen) ? seen : keys.lockAll();
          Outcome outcome = keyring.judge(known);
          if (outcome instanceof Outcome.Admitted) {
            keyring.putOnRecord(known);
          }
          return outcome;
        });
  }

  @Override
  public Outcome heartbeat() {
    return transactions.inTransaction(
        () -> {
          nodes.heartbeat(id, keyring.named(name));
          return keyring.judge(keys.all());
        });
  }

  @Override
  public boolean unregister() {
    return nodes.unregister(id);
  }

  @Override
  public Outcome foreseen() {
    return keyring.judge(keys.all());
  }

  @Override
  public boolean stillAdmitted() {
    return foreseen() instanceof Outcome.Admitted;
  }
}
