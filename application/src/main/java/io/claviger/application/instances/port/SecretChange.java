package io.claviger.application.instances.port;

import io.claviger.domain.keys.SealedValue;
import java.util.Optional;

public sealed interface SecretChange {
  record Keep() implements SecretChange {}

  record Clear() implements SecretChange {}

  record Replace(SealedValue with) implements SecretChange {}

  /** Returns the value that is stored after this change is applied to the given value. */
  default Optional<SealedValue> over(Optional<SealedValue> before) {
    return switch (this) {
      case Keep keep -> before;
      case Clear clear -> Optional.empty();
      case Replace replace -> Optional.of(replace.with());
    };
  }
}
