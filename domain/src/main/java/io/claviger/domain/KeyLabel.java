package io.claviger.domain;

/**
 * The label of the version of a stored key: one line of 1 to 100 characters. It shows people, and
 * the files that they apply, whether a newer key has to be sent.
 */
public record KeyLabel(String value) {
  public KeyLabel {
    if (value.isBlank() || value.length() > 100 || !Characters.isLine(value)) {
      throw new InvalidValue("api_key_version", "one line of 1 to 100 characters");
    }
  }
}
