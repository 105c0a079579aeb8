package io.claviger.application.keys;

import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.EncryptionKeyStore.Known;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.domain.audit.AuditEvent;
import java.util.List;
import java.util.UUID;

final class KeyringAdmissionUseCases implements KeyringAdmission {
  private final EncryptionKeyStore keys;
  private final NodeStore nodes;
  private final KeyringCheck keyring;
  private final AuditedChanges changes;
  private final UUID id;
  private final String name;

  KeyringAdmissionUseCases(
      EncryptionKeyStore keys,
      NodeStore nodes,
      Sealer sealer,
      AuditedChanges changes,
      String name) {
    this.keys = keys;
    this.nodes = nodes;
    this.keyring = new KeyringCheck(keys, nodes, sealer, new KeyAudit(changes, AuditEvent.UPKEEP));
    this.changes = changes;
    this.id = changes.ids().next();
    this.name = name;
  }

  @Override
  public AdmissionOutcome admit() {
    return changes
        .transactions()
        .inTransaction(
            () -> {
              List<Known> known = keys.lockAll();
              AdmissionOutcome outcome = keyring.judge(known);
              if (outcome instanceof AdmissionOutcome.Admitted) {
                keyring.putOnRecord(known);
                nodes.heartbeat(id, keyring.named(name));
              }
              return outcome;
            });
  }

  /**
   * Locks the keys only if one of them is new. If the keys were always locked, a call of this
   * method within a long transaction would keep all nodes from starting until the transaction ends.
   */
  @Override
  public AdmissionOutcome admitCommand() {
    return changes
        .transactions()
        .inTransaction(
            () -> {
              List<Known> seen = keys.all();
              List<Known> known = keyring.isOnRecord(seen) ? seen : keys.lockAll();
              AdmissionOutcome outcome = keyring.judge(known);
              if (outcome instanceof AdmissionOutcome.Admitted) {
                keyring.putOnRecord(known);
              }
              return outcome;
            });
  }

  @Override
  public AdmissionOutcome heartbeat() {
    return changes
        .transactions()
        .inTransaction(
            () -> {
              nodes.heartbeat(id, keyring.named(name));
              return keyring.judgeAlone(keys.all());
            });
  }

  @Override
  public void tell(NodeStore.About about) {
    nodes.tell(id, about);
  }

  @Override
  public List<NodeStore.NodeStatus> takeBrokenRuns(String named) {
    return nodes.all().stream()
        .filter(node -> !node.id().equals(id) && node.keys().name().startsWith(named))
        .filter(node -> nodes.unregisterUnlessLive(node.id()))
        .toList();
  }

  @Override
  public boolean unregister() {
    return nodes.unregister(id);
  }

  @Override
  public AdmissionOutcome preview() {
    return keyring.judge(keys.all());
  }

  @Override
  public boolean isStillAdmitted() {
    return keyring.judgeAlone(keys.all()) instanceof AdmissionOutcome.Admitted;
  }
}
