package io.claviger.domain.routing;

import io.claviger.domain.InvalidValue;

/**
 * The name of a model in a question about its route: one line of 1 to 400 characters. It may be a
 * name of the catalogue, {@code owner/handle} with or without a model after it, or a provider's
 * name of a model.
 */
public record CalledName(String value) {
  private static final int MAX_LENGTH = 400;

  public CalledName {
    if (value.isBlank()
        || value.length() > MAX_LENGTH
        || value.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidValue("name", "one line of 1 to 400 characters");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
