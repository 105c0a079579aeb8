package io.claviger.application.instances.out;

import io.claviger.domain.keys.SealedValue;

/** What becomes of a stored secret. */
public sealed interface SecretChange {
  record Keep() implements SecretChange {}

  record Clear() implements SecretChange {}

  record Replace(SealedValue with) implements SecretChange {}
}
