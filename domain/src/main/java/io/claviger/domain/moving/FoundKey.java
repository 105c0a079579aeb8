package io.claviger.domain.moving;

import io.claviger.domain.keys.Secret;

/** What stood in one of the places where a row may have its key. */
public sealed interface FoundKey {
  record Absent() implements FoundKey {}

  /** Sealed, and not opened by the key given, or none was given. */
  record Closed() implements FoundKey {}

  /** Nothing that a key can be: too short, too long, or not of visible ASCII. */
  record Unusable() implements FoundKey {}

  record Usable(Secret secret) implements FoundKey {}
}
