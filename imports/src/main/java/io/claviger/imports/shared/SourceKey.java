package io.claviger.imports.shared;

import io.claviger.domain.keys.Secret;
import java.util.Optional;

/** The content of one of the two columns for a row's key. */
public sealed interface SourceKey {
  /** Returns the key if it can be used. */
  default Optional<Secret> usable() {
    return this instanceof Usable usable ? Optional.of(usable.secret()) : Optional.empty();
  }

  record Absent() implements SourceKey {}

  /**
   * The key is encrypted and can't be read: there is no legacy key, or the legacy key does not
   * decrypt this key.
   */
  record Closed() implements SourceKey {}

  /** The value can't be an API key: it is too short, too long, or not visible ASCII. */
  record Unusable() implements SourceKey {}

  record Usable(Secret secret) implements SourceKey {}
}
