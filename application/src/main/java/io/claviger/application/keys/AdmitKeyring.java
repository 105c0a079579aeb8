package io.claviger.application.keys;

import io.claviger.domain.keys.EncryptionKeyId;
import java.util.List;

/**
 * Lets a node with its encryption keys start, or not: every live key on record must be among them
 * and open its sentinel, and the first must not be retired. The first is put on record if it is
 * new.
 */
public interface AdmitKeyring {
  Outcome admit();

  /** Whether what is on record is still what this node holds; for readiness. */
  boolean stillAdmitted();

  /** Whether the node may start. */
  sealed interface Outcome {
    record Admitted(EncryptionKeyId sealing) implements Outcome {}

    /** These live keys were not given. */
    record Missing(List<EncryptionKeyId> ids) implements Outcome {}

    /** These have the id of a key on record but do not open its sentinel. */
    record Wrong(List<EncryptionKeyId> ids) implements Outcome {}

    /** The first key is retired: nothing new may be sealed under it. */
    record Retired(EncryptionKeyId id) implements Outcome {}
  }
}
