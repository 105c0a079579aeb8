package io.claviger.application.operations;

import io.claviger.application.health.Readiness;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.keys.EncryptionKeys.EncryptionStatus;
import io.claviger.application.keys.EncryptionKeys.KeyStatus;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;

record OperationsReader(EncryptionKeys keys, Readiness readiness, CachedFindings findings)
    implements Operations {
  @Override
  public Outcome<Status> status(Actor actor) {
    return Outcome.of(
        () -> {
          actor.demandManage();
          if (!actor.administrator()) {
            throw RefusedException.forbidden(
                "Only administrators may see the state of the installation.");
          }
          EncryptionStatus encryption = keys.status();
          return new Status(
              readiness.checks(),
              findings.get(),
              encryption.nodes().stream().map(OperationsReader::node).toList(),
              encryption.keys().stream().map(OperationsReader::key).toList());
        });
  }

  private static Node node(NodeStore.NodeStatus seen) {
    return new Node(
        seen.keys().name(),
        seen.about().map(NodeStore.About::version),
        seen.isLive(),
        seen.ago(),
        seen.keys().held().stream().sorted().toList(),
        seen.keys().sealing(),
        seen.about().flatMap(NodeStore.About::revocation));
  }

  private static Key key(KeyStatus status) {
    return new Key(
        status.id(),
        status.live(),
        status.values().values().stream().mapToLong(Long::longValue).sum());
  }
}
