package io.claviger.domain;

/**
 * A value outside its bounds. It names the field and what is allowed, and never repeats the value:
 * what was refused may have been a secret typed into the wrong place.
 */
public final class InvalidValue extends RuntimeException {
  private final String field;

  public InvalidValue(String field, String allowed) {
    super(allowed);
    this.field = field;
  }

  /** The field's name as it stands in JSON, e.g. {@code dimensions}. */
  public String field() {
    return field;
  }

  /** What is allowed, as a phrase: {@code 1 to 65,536}. */
  public String allowed() {
    return String.valueOf(getMessage());
  }

  public Fault fault() {
    return new Fault("/" + field, "invalid_value", allowed());
  }
}
