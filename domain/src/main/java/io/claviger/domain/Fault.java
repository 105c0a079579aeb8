package io.claviger.domain;

import java.util.Set;

/**
 * One fault of an input.
 *
 * @param pointer the JSON pointer (RFC 6901) to the field, such as {@code /key_policy/central_key}
 * @param code the stable code for programs, such as {@code invalid_value}, {@code required} or
 *     {@code unknown_reference}
 * @param detail the allowed values, or advice; never repeats the value
 */
public record Fault(String pointer, String code, String detail) {
  private static final String UNKNOWN_REFERENCE = "unknown_reference";

  /** Codes of faults whose detail says by itself what is wrong, without the name of the field. */
  private static final Set<String> OF_THEIR_OWN =
      Set.of(UNKNOWN_REFERENCE, "not_shareable", "report_too_large");

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
        "/" + field, UNKNOWN_REFERENCE, "There is no such " + what + " that you can see.");
  }

  public static Fault notAllowed(String field, String detail) {
    return new Fault("/" + field, "not_allowed", detail);
  }

  /**
   * Whether a text about this fault consists only of the detail, and does not begin with the name
   * of the field. The name {@code user} would mislead: this parameter of paths can name a group,
   * too, and if a report about all users takes too long, the parameter is missing. Faults with
   * other codes are told with the name, because their details speak of the field, such as {@code
   * This field is read-only}.
   */
  public boolean standsWithoutField() {
    return pointer.equals("/user") && OF_THEIR_OWN.contains(code);
  }
}
