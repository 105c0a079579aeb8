package io.claviger.domain.keys;

import java.util.List;

/**
 * The reason why an encryption key can't be used for a rotation, be retired or be discarded now.
 */
public sealed interface KeyObstacle {
  EncryptionKeyId key();

  /** The key is not recorded: nothing was ever sealed with it. */
  record Unknown(EncryptionKeyId key) implements KeyObstacle {}

  record AlreadyRetired(EncryptionKeyId key) implements KeyObstacle {}

  /**
   * The key is the only live key. If it were retired, no node could start with its present keys.
   */
  record OnlyLive(EncryptionKeyId key) implements KeyObstacle {}

  /** Some live nodes lack the key, and could not decrypt values that are sealed with it. */
  record LackedBy(EncryptionKeyId key, List<String> nodes) implements KeyObstacle {
    public LackedBy {
      nodes = List.copyOf(nodes);
    }
  }

  /** Some live nodes seal new values with the key. */
  record SealsAt(EncryptionKeyId key, List<String> nodes) implements KeyObstacle {
    public SealsAt {
      nodes = List.copyOf(nodes);
    }
  }

  /** Some live nodes have the key, so the key is not lost. */
  record HeldBy(EncryptionKeyId key, List<String> nodes) implements KeyObstacle {
    public HeldBy {
      nodes = List.copyOf(nodes);
    }
  }

  /** This process itself has the key and can decrypt values with it, so the key is not lost. */
  record OpensHere(EncryptionKeyId key) implements KeyObstacle {}
}
