package io.claviger.imports.shared;

import io.claviger.domain.keys.Secret;
import java.util.Optional;

/**
 * The key that is imported from a row.
 *
 * @param leftOut why a key of the row is not imported; empty if no key is left out
 */
public record KeySelection(Optional<Secret> key, Optional<ReportReason> leftOut) {

  /** Selects the encrypted key if it can be decrypted, and otherwise the unencrypted key. */
  public static KeySelection of(SourceKey encrypted, SourceKey plain) {
    return switch (encrypted) {
      case SourceKey.Usable usable ->
          new KeySelection(Optional.of(usable.secret()), Optional.empty());
      case SourceKey.Unusable unusable -> without(ReportReason.INVALID_API_KEY);
      case SourceKey.Closed closed ->
          plain.usable().isPresent()
              ? new KeySelection(
                  plain.usable(), Optional.of(ReportReason.ENCRYPTED_KEY_DOES_NOT_OPEN))
              : without(ReportReason.KEY_DOES_NOT_OPEN);
      case SourceKey.Absent absent ->
          plain instanceof SourceKey.Unusable
              ? without(ReportReason.INVALID_API_KEY)
              : new KeySelection(plain.usable(), Optional.empty());
    };
  }

  private static KeySelection without(ReportReason reason) {
    return new KeySelection(Optional.empty(), Optional.of(reason));
  }
}
