package io.claviger.domain.keys;

import java.util.Set;
import java.util.TreeSet;

/**
 * The encryption keys of one node, as it reported them itself.
 *
 * @param name what an operator knows it by
 * @param sealing the one among them that it seals with
 */
public record NodeKeys(String name, Set<EncryptionKeyId> held, EncryptionKeyId sealing) {
  public NodeKeys {
    held = Set.copyOf(held);
    if (!held.contains(sealing)) {
      throw new IllegalArgumentException("a node holds the key that it seals with");
    }
  }

  /** By their ids. */
  public Iterable<EncryptionKeyId> inOrder() {
    return new TreeSet<>(held);
  }
}
