package io.claviger.domain.identity;

import io.claviger.domain.InvalidValue;

/**
 * An issuer's identifier of a user: 1 to 255 printable ASCII characters (OpenID Connect Core,
 * section 2). An issuer never gives the same subject to another user.
 */
public record Subject(String value) {
  private static final int LONGEST = 255;

  public Subject {
    if (value.isEmpty()
        || value.length() > LONGEST
        || !value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      throw new InvalidValue("subject", "1 to 255 printable ASCII characters");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
