package io.claviger.domain;

/**
 * One thing that is wrong with what was given.
 *
 * @param pointer JSON pointer (RFC 6901) to the field, {@code /key_policy/central_key}
 * @param code stable, for programs: {@code invalid_value}, {@code required}, {@code
 *     unknown_reference} …
 * @param detail what is allowed or what to do, never the value itself
 */
public record Fault(String pointer, String code, String detail) {
  public static Fault required(String field, String detail) {
    return new Fault("/" + field, "required", detail);
  }

  /** A reference to what does not exist or can't be seen: the two are told in the same words. */
  public static Fault unknownReference(String field, String what) {
    return new Fault(
        "/" + field, "unknown_reference", "There is no such " + what + " that you can see.");
  }

  public static Fault notAllowed(String field, String detail) {
    return new Fault("/" + field, "not_allowed", detail);
  }
}
