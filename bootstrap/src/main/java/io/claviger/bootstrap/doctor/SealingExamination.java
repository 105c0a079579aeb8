package io.claviger.bootstrap.doctor;

import io.claviger.application.keys.KeyringAdmission;
import io.claviger.custody.TinkSealer;
import io.claviger.domain.keys.EncryptionKeyId;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Whether this node's encryption keys work, and are those of the database. */
final class SealingExamination {
  private static final String KEYS = "encryption_keys";

  private SealingExamination() {}

  /** Seals under every key and opens again. */
  static Finding roundTrip(TinkSealer sealer) {
    List<EncryptionKeyId> broken =
        sealer.keys().stream().filter(id -> !sealer.opensSentinel(sealer.sentinel(id))).toList();
    return broken.isEmpty()
        ? Finding.ok("sealing", "what is sealed opens again, under " + names(sealer.keys()))
        : Finding.fail("sealing", "what is sealed does not open under " + names(broken));
  }

  /** What a start would say. */
  static Finding judge(KeyringAdmission.AdmissionOutcome outcome) {
    return switch (outcome) {
      case KeyringAdmission.AdmissionOutcome.Admitted admitted ->
          Finding.ok(
              KEYS,
              "all live ones are given and open their sentinels; %s seals"
                  .formatted(admitted.sealing()));
      case KeyringAdmission.AdmissionOutcome.Missing missing ->
          Finding.fail(
              KEYS, "not given, but values are sealed under them: " + names(missing.ids()));
      case KeyringAdmission.AdmissionOutcome.Wrong wrong ->
          Finding.fail(KEYS, "given, but do not open their sentinels: " + names(wrong.ids()));
      case KeyringAdmission.AdmissionOutcome.Retired retired ->
          Finding.fail(KEYS, "the first, %s, is retired".formatted(retired.id()));
    };
  }

  private static String names(Collection<EncryptionKeyId> ids) {
    return ids.stream().map(EncryptionKeyId::value).collect(Collectors.joining(", "));
  }
}
