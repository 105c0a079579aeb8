package io.claviger.bootstrap.doctor;

import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.operations.port.Doctor.Finding;
import io.claviger.custody.Keyring;
import io.claviger.custody.TinkSealer;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyUri;
import io.claviger.wiring.KeyringSentence;
import java.util.List;
import java.util.Map;

/**
 * Checks that this node's encryption keys work, and that they match the recorded keys in the
 * database.
 */
final class SealingExamination {
  private static final String KEYS = "encryption_keys";

  private SealingExamination() {}

  /** Seals a value with each key, and opens it again. */
  static Finding roundTrip(TinkSealer sealer) {
    List<EncryptionKeyId> broken =
        sealer.keys().stream().filter(id -> !sealer.opensSentinel(sealer.sentinel(id))).toList();
    return broken.isEmpty()
        ? Finding.ok(
            "sealing",
            "values can be sealed and opened with " + KeyringSentence.names(sealer.keys()))
        : Finding.fail(
            "sealing", "sealed values can't be opened with " + KeyringSentence.names(broken));
  }

  /** Reports the wrapping key of each wrapped key, if any key is wrapped. */
  static List<Finding> wrappings(Keyring keyring) {
    Map<EncryptionKeyId, KeyUri> wrappings = keyring.wrappings();
    return wrappings.isEmpty()
        ? List.of()
        : keyring.ids().stream()
            .map(
                id ->
                    wrappings.containsKey(id)
                        ? Finding.ok(
                            "key_wrapping",
                            "%s is wrapped with %s, and unwraps".formatted(id, wrappings.get(id)))
                        : Finding.warn("key_wrapping", id + " is not wrapped, though others are"))
            .toList();
  }

  /** Returns the finding that says whether a node with these keys could start and, if not, why. */
  static Finding finding(KeyringAdmission.AdmissionOutcome outcome) {
    String sentence = KeyringSentence.of(outcome);
    return outcome instanceof KeyringAdmission.AdmissionOutcome.Admitted
        ? Finding.ok(KEYS, sentence)
        : Finding.fail(KEYS, sentence);
  }
}
