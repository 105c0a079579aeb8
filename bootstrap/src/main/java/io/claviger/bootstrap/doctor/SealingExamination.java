package io.claviger.bootstrap.doctor;

import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.operations.port.Doctor.Finding;
import io.claviger.custody.Keyring;
import io.claviger.custody.TinkSealer;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyUri;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
        ? Finding.ok("sealing", "values can be sealed and opened with " + names(sealer.keys()))
        : Finding.fail("sealing", "sealed values can't be opened with " + names(broken));
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
    return switch (outcome) {
      case KeyringAdmission.AdmissionOutcome.Admitted admitted ->
          Finding.ok(
              KEYS,
              "all live ones are given and open their sentinels; new values are sealed with %s"
                  .formatted(admitted.sealing()));
      case KeyringAdmission.AdmissionOutcome.Missing missing ->
          Finding.fail(
              KEYS,
              "missing, although values are sealed with them: %s; add them to ENCRYPTION_KEY"
                  .formatted(names(missing.ids())));
      case KeyringAdmission.AdmissionOutcome.Wrong wrong ->
          Finding.fail(KEYS, "given, but they do not open their sentinels: " + names(wrong.ids()));
      case KeyringAdmission.AdmissionOutcome.Retired retired ->
          Finding.fail(KEYS, "the first, %s, is retired".formatted(retired.id()));
    };
  }

  private static String names(Collection<EncryptionKeyId> ids) {
    return ids.stream().map(EncryptionKeyId::value).collect(Collectors.joining(", "));
  }
}
