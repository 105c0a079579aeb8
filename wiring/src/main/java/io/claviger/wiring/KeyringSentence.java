package io.claviger.wiring;

import io.claviger.application.keys.KeyringAdmission;
import io.claviger.domain.keys.EncryptionKeyId;
import java.util.Collection;
import java.util.stream.Collectors;

/** Describes the state of encryption keys in one sentence. */
public final class KeyringSentence {
  private KeyringSentence() {}

  public static String of(KeyringAdmission.AdmissionOutcome outcome) {
    return switch (outcome) {
      case KeyringAdmission.AdmissionOutcome.Admitted admitted ->
          "all live encryption keys are given and open their sentinels; new values are sealed with %s"
              .formatted(admitted.sealing());
      case KeyringAdmission.AdmissionOutcome.Missing missing ->
          "values in this database are sealed with encryption keys that were not given: %s; add them to ENCRYPTION_KEY, or run `keys discard` for those that are lost"
              .formatted(names(missing.ids()));
      case KeyringAdmission.AdmissionOutcome.Wrong wrong ->
          "the encryption keys %s have the ids of keys of this database, but do not open its sentinels"
              .formatted(names(wrong.ids()));
      case KeyringAdmission.AdmissionOutcome.Retired retired ->
          "the first encryption key, %s, is retired: put a live or a new key first"
              .formatted(retired.id());
    };
  }

  /** Returns the keys' ids, separated by commas. */
  public static String names(Collection<EncryptionKeyId> ids) {
    return ids.stream().map(EncryptionKeyId::value).collect(Collectors.joining(", "));
  }
}
