package io.claviger.application.keys;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.KeyObstacle;
import java.util.List;
import java.util.Optional;

/**
 * Seals everything under the first of the encryption keys given here that is not under it already,
 * while nodes serve. It can be broken off at any moment and begun again, and run by several at
 * once. To seal anew is no change of a service: versions and times stay, and no call is ended.
 */
public interface RotateKeys {
  /** How many of those that do not open are told by name. */
  int MOST_NAMED = 1_000;

  Outcome rotate(Progress progress);

  /** Hears how far it is. */
  interface Progress {
    /** So many values are to be sealed anew. */
    void begins(long values);

    void resealed(long more);
  }

  sealed interface Outcome {
    /**
     * Nothing is under another key, but what does not open.
     *
     * @param named of those that do not open at most {@link #MOST_NAMED}
     */
    record Done(EncryptionKeyId under, long resealed, long unopened, List<Unopened> named)
        implements Outcome {
      public Done {
        named = List.copyOf(named);
      }
    }

    /** A node with these keys would not start either. */
    record NotAdmitted(AdmitKeyring.Outcome why) implements Outcome {}

    /** It can't go on as things stand. */
    record Refused(KeyObstacle why, long resealed) implements Outcome {}
  }

  /** A value that was left as it is since it does not open. */
  record Unopened(
      KeyBinding.Kind kind, InstanceRef service, Optional<Handle> user, EncryptionKeyId under) {}
}
