package io.claviger.domain.routing;

import io.claviger.domain.Characters;
import io.claviger.domain.InvalidValue;

/**
 * The name of a model whose route somebody wants to know: one line of 1 to 400 characters. The name
 * can be a name in the catalogue, {@code owner/handle} with or without a model after it, or the
 * name that a provider itself gives to a model.
 */
public record CalledName(String value) {
  private static final int MAX_LENGTH = 400;

  public CalledName {
    if (value.isBlank()
        || !Characters.isAtMost(MAX_LENGTH, value)
        || value.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidValue("name", "one line of 1 to 400 characters");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
