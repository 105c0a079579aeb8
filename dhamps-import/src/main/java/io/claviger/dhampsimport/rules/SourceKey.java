package io.claviger.dhampsimport.rules;

import io.claviger.domain.keys.Secret;

/** What stood in one of the places where a row may have its key. */
public sealed interface SourceKey {
  record Absent() implements SourceKey {}

  /** Sealed, and not opened by the key given, or none was given. */
  record Closed() implements SourceKey {}

  /** Nothing that a key can be: too short, too long, or not of visible ASCII. */
  record Unusable() implements SourceKey {}

  record Usable(Secret secret) implements SourceKey {}
}
