package io.claviger.domain.moving;

import io.claviger.domain.keys.Secret;
import java.util.Optional;

/**
 * Which key of a row comes along.
 *
 * @param leftOut why a key of the row does not
 */
public record KeyChoice(Optional<Secret> key, Optional<Reason> leftOut) {

  /** The sealed one where it opens, else the one in the clear. */
  public static KeyChoice of(FoundKey encrypted, FoundKey plain) {
    return switch (encrypted) {
      case FoundKey.Usable usable -> new KeyChoice(Optional.of(usable.secret()), Optional.empty());
      case FoundKey.Unusable unusable -> without(Reason.INVALID_API_KEY);
      case FoundKey.Closed closed ->
          secret(plain).isPresent()
              ? new KeyChoice(secret(plain), Optional.of(Reason.ENCRYPTED_KEY_DOES_NOT_OPEN))
              : without(Reason.KEY_DOES_NOT_OPEN);
      case FoundKey.Absent absent ->
          plain instanceof FoundKey.Unusable
              ? without(Reason.INVALID_API_KEY)
              : new KeyChoice(secret(plain), Optional.empty());
    };
  }

  private static Optional<Secret> secret(FoundKey found) {
    return found instanceof FoundKey.Usable usable
        ? Optional.of(usable.secret())
        : Optional.empty();
  }

  private static KeyChoice without(Reason reason) {
    return new KeyChoice(Optional.empty(), Optional.of(reason));
  }
}
