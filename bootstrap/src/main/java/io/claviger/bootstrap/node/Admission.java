package io.claviger.bootstrap.node;

import io.claviger.application.keys.AdmitKeyring;
import io.claviger.bootstrap.settings.StartRefused;
import io.claviger.domain.keys.EncryptionKeyId;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Turns the answer whether this node's encryption keys are right into a start or a clear refusal.
 */
final class Admission {
  private Admission() {}

  static void demand(AdmitKeyring keyring) {
    switch (keyring.admit()) {
      case AdmitKeyring.Outcome.Admitted admitted -> {}
      case AdmitKeyring.Outcome.Missing missing ->
          throw new StartRefused(
              "values in this database are sealed under encryption keys that were not given: %s; add them to ENCRYPTION_KEY"
                  .formatted(names(missing.ids())));
      case AdmitKeyring.Outcome.Wrong wrong ->
          throw new StartRefused(
              "the encryption keys %s have the ids of this database's but do not open its sentinels"
                  .formatted(names(wrong.ids())));
      case AdmitKeyring.Outcome.Retired retired ->
          throw new StartRefused(
              "the first encryption key, %s, is retired: put a live one first"
                  .formatted(retired.id()));
    }
  }

  private static String names(List<EncryptionKeyId> ids) {
    return ids.stream().map(EncryptionKeyId::value).collect(Collectors.joining(", "));
  }
}
