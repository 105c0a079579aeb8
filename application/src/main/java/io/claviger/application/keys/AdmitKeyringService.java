package io.claviger.application.keys;

import io.claviger.application.keys.out.EncryptionKeys;
import io.claviger.application.keys.out.EncryptionKeys.Known;
import io.claviger.application.keys.out.Nodes;
import io.claviger.application.shared.out.Transactions;
import java.util.List;
import java.util.UUID;

final class AdmitKeyringService implements AdmitKeyring {
  private final EncryptionKeys keys;
  private final Nodes nodes;
  private final KeyringCheck keyring;
  private final Transactions transactions;
  private final UUID id;
  private final String name;

  AdmitKeyringService(
      EncryptionKeys keys,
      Nodes nodes,
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
          Outcome outcome = keyring.judged(known);
          if (outcome instanceof Outcome.Admitted) {
            keyring.putOnRecord(known);
            nodes.report(id, keyring.named(name));
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
          Outcome outcome = keyring.judged(known);
          if (outcome instanceof Outcome.Admitted) {
            keyring.putOnRecord(known);
          }
          return outcome;
        });
  }

  @Override
  public Outcome stay() {
    return transactions.inTransaction(
        () -> {
          nodes.report(id, keyring.named(name));
          return keyring.judged(keys.all());
        });
  }

  @Override
  public boolean leave() {
    return nodes.leave(id);
  }

  @Override
  public Outcome foreseen() {
    return keyring.judged(keys.all());
  }

  @Override
  public boolean stillAdmitted() {
    return foreseen() instanceof Outcome.Admitted;
  }
}
