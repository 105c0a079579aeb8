package io.claviger.domain;

/**
 * The label of a stored key's version: one line of 1 to 100 characters. People and {@code claviger
 * apply} compare labels to find out whether a newer key has to be sent.
 */
public record KeyLabel(String value) {
  public KeyLabel {
    if (value.isBlank() || !Characters.isAtMost(100, value) || !Characters.isLine(value)) {
      throw new InvalidValue("api_key_version", "one line of 1 to 100 characters");
    }
  }
}
