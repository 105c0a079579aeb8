package io.claviger.domain;

/**
 * Thrown when a value is not allowed. The message contains the name of the field and the allowed
 * values. The exception never repeats the value, because somebody might have typed a secret into
 * the wrong field.
 */
public final class InvalidValue extends RuntimeException {
  private final String field;
  private final String allowed;

  public InvalidValue(String field, String allowed) {
    super(field + ": " + allowed);
    this.field = field;
    this.allowed = allowed;
  }

  /** Returns the field's name in JSON, for example {@code dimensions}. */
  public String field() {
    return field;
  }

  /** Returns a phrase that states the allowed values, such as {@code 1 to 65,536}. */
  public String allowed() {
    return allowed;
  }

  public Fault fault() {
    return new Fault("/" + field, "invalid_value", allowed());
  }
}
