package io.claviger.application.operations;

import io.claviger.application.health.Readiness;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.keys.EncryptionKeyId;
import java.time.Duration;
import java.util.List;

/** Shows administrators how the installation is. It changes nothing. */
public interface Operations {
  static Operations of(EncryptionKeys keys, Readiness readiness) {
    return new OperationsReader(keys, readiness);
  }

  /**
   * Returns the state at this moment. Refused as {@code forbidden} to all but administrators, and
   * to a token of scope use.
   */
  Outcome<Status> status(Actor actor);

  /**
   * How the installation is.
   *
   * @param checks whether the node that answers can serve
   * @param nodes that use the database, by name, with those that fell silent lately
   * @param keys all that are on record
   */
  record Status(List<Readiness.Check> checks, List<Node> nodes, List<Key> keys) {
    public Status {
      checks = List.copyOf(checks);
      nodes = List.copyOf(nodes);
      keys = List.copyOf(keys);
    }
  }

  /**
   * A node.
   *
   * @param live whether it reported lately
   * @param ago how long ago it reported
   * @param held the encryption keys that it holds, by id
   * @param sealing the one with which it encrypts
   */
  record Node(
      String name,
      boolean live,
      Duration ago,
      List<EncryptionKeyId> held,
      EncryptionKeyId sealing) {
    public Node {
      held = List.copyOf(held);
    }
  }

  /**
   * An encryption key.
   *
   * @param live whether it is neither retired nor discarded
   * @param values how many values are encrypted with it
   */
  record Key(EncryptionKeyId id, boolean live, long values) {}
}
