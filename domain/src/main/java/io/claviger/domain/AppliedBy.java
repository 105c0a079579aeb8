package io.claviger.domain;

/**
 * The name of the file from which a resource was applied: one line of 1 to 100 characters. A
 * resource that was created by hand has no such name, and applying a file never removes such a
 * resource.
 */
public record AppliedBy(String value) {
  public AppliedBy {
    if (value.isBlank() || !Characters.isAtMost(100, value) || !Characters.isLine(value)) {
      throw new InvalidValue("applied_by", "one line of 1 to 100 characters");
    }
  }
}
