package io.claviger.domain.fairness;

import io.claviger.domain.InvalidValue;
import java.util.regex.Pattern;

/**
 * The name of a group of services: all services of an owner that name the same group use the same
 * account at the provider. A name is valid for one owner only, so nobody can join another owner's
 * group.
 *
 * @param value 1 to 64 characters of {@code a-z 0-9 . _ -}, starting with a letter or digit
 */
public record CapacityGroup(String value) {
  private static final Pattern SHAPE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  public CapacityGroup {
    if (!SHAPE.matcher(value).matches()) {
      throw new InvalidValue(
          "capacity_group",
          "1 to 64 of a-z 0-9 . _ - starting with a letter or digit, without an owner before it:"
              + " only services of the same owner can be in a group");
    }
  }
}
