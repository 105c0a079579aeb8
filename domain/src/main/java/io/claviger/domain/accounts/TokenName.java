package io.claviger.domain.accounts;

import io.claviger.domain.DisplayName;
import io.claviger.domain.InvalidValue;

/** The name that a user gives a token: one line of 1 to 200 characters. */
public record TokenName(String value) {
  public TokenName {
    try {
      new DisplayName(value);
    } catch (InvalidValue e) {
      throw new InvalidValue("name", e.allowed());
    }
  }
}
