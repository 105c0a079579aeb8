package io.claviger.domain;

/**
 * One fault of an input.
 *
 * @param pointer the JSON pointer (RFC 6901) to the field, such as {@code /key_policy/central_key}
 * @param code the stable code for programs, such as {@code invalid_value}, {@code required} or
 *     {@code unknown_reference}
 * @param detail the allowed values, or advice; never repeats the value
 */
public record Fault(String pointer, String code, String detail) {
  public static Fault required(String field, String detail) {
    return new Fault("/" + field, "required", detail);
  }

  /**
   * Returns the fault for a reference to something that does not exist, or that the caller may not
   * see. The wording is the same in both cases, so that the answer does not reveal whether the
   * thing exists.
   */
  public static Fault unknownReference(String field, String what) {
    return new Fault(
        "/" + field, "unknown_reference", "There is no such " + what + " that you can see.");
  }

  public static Fault notAllowed(String field, String detail) {
    return new Fault("/" + field, "not_allowed", detail);
  }
}
