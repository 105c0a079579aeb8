package io.claviger.domain.keys;

import java.util.List;

/** Why something can't be done with an encryption key as things stand. */
public sealed interface KeyObstacle {
  EncryptionKeyId key();

  /** Nothing was ever sealed under it. */
  record Unknown(EncryptionKeyId key) implements KeyObstacle {}

  record AlreadyRetired(EncryptionKeyId key) implements KeyObstacle {}

  /** Without it no node could start with what it holds now. */
  record OnlyLive(EncryptionKeyId key) implements KeyObstacle {}

  /** These live nodes could not open what is sealed under it. */
  record LackedBy(EncryptionKeyId key, List<String> nodes) implements KeyObstacle {
    public LackedBy {
      nodes = List.copyOf(nodes);
    }
  }

  /** These live nodes seal with it. */
  record SealsAt(EncryptionKeyId key, List<String> nodes) implements KeyObstacle {
    public SealsAt {
      nodes = List.copyOf(nodes);
    }
  }

  /** These live nodes hold it, so it is not lost. */
  record HeldBy(EncryptionKeyId key, List<String> nodes) implements KeyObstacle {
    public HeldBy {
      nodes = List.copyOf(nodes);
    }
  }

  /** It was given here and opens what it should, so it is not lost. */
  record OpensHere(EncryptionKeyId key) implements KeyObstacle {}
}
