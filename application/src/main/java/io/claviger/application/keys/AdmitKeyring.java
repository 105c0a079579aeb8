package io.claviger.application.keys;

import io.claviger.domain.keys.EncryptionKeyId;
import java.util.List;

/**
 * Lets a node with its encryption keys start, or not: every live key on record must be among them
 * and open its sentinel, and the first must not be retired. The first is put on record if it is
 * new. A node that was let in is on record as one that lives while it says so again and again.
 */
public interface AdmitKeyring {
  /** Asked at the start. Of this and a rotation at the same time, one sees the other. */
  Outcome admit();

  /** For what seals and is no node: nothing is on record but the key. */
  Outcome admitCommand();

  /**
   * Says that this node still lives, and asks whether it would still be let in: another one may
   * have brought a key that this one lacks, or retired the one that it seals with, while this one
   * was not heard of.
   */
  Outcome heartbeat();

  /**
   * Says that this node ends.
   *
   * @return whether it was on record
   */
  boolean unregister();

  /** What {@link #admit} would say; puts nothing on record. */
  Outcome foreseen();

  /** Whether what is on record is still what this node holds; for readiness. */
  boolean stillAdmitted();

  /** Whether the node may start. */
  sealed interface Outcome {
    /**
     * @param lackedBy live nodes that could not open what this one seals
     */
    record Admitted(EncryptionKeyId sealing, List<String> lackedBy) implements Outcome {
      public Admitted {
        lackedBy = List.copyOf(lackedBy);
      }
    }

    /** These live keys were not given. */
    record Missing(List<EncryptionKeyId> ids) implements Outcome {}

    /** These have the id of a key on record but do not open its sentinel. */
    record Wrong(List<EncryptionKeyId> ids) implements Outcome {}

    /** The first key is retired: nothing new may be sealed under it. */
    record Retired(EncryptionKeyId id) implements Outcome {}
  }
}
