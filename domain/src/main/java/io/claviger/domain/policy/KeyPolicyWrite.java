package io.claviger.domain.policy;

import io.claviger.domain.Field;

/** A write of a key policy. Absent fields keep their previous values. */
public record KeyPolicyWrite(
    Field<Boolean> centralKey, Field<Boolean> userKeys, Field<Boolean> fallbackToCentral) {
  public static final KeyPolicyWrite ABSENT =
      new KeyPolicyWrite(Field.absent(), Field.absent(), Field.absent());

  public KeyPolicy over(KeyPolicy base) {
    return new KeyPolicy(
        centralKey.or(base.centralKey()),
        userKeys.or(base.userKeys()),
        fallbackToCentral.or(base.fallbackToCentral()));
  }
}
