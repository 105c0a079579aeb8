package io.claviger.domain.keys;

import java.util.Set;
import java.util.TreeSet;

/**
 * The encryption keys of one node, as the node itself reports them.
 *
 * @param name the name by which operators identify the node
 * @param sealing the key with which the node seals new values, which is one of the keys that the
 *     node has
 */
public record NodeKeys(String name, Set<EncryptionKeyId> held, EncryptionKeyId sealing) {
  public NodeKeys {
    held = Set.copyOf(held);
    if (!held.contains(sealing)) {
      throw new IllegalArgumentException("the node's keys lack the key with which it seals");
    }
  }

  /** Returns the keys that the node has, ordered by id. */
  public Iterable<EncryptionKeyId> inOrder() {
    return new TreeSet<>(held);
  }
}
