package io.claviger.domain.sharing;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;

/** A role: {@code READER < WRITER < OWNER}. */
public enum Role implements WireNamed {
  READER,
  WRITER,
  OWNER;

  /**
   * Returns the role with the given name.
   *
   * @throws InvalidValue when there is no such role
   */
  public static Role of(String name) {
    return upTo(OWNER, name);
  }

  /**
   * Returns the role with the given name, for things whose shares can give only some roles.
   *
   * @param highest the highest role that can be given
   * @throws InvalidValue when there is no such role, or the role is higher than {@code highest}
   */
  public static Role upTo(Role highest, String name) {
    return WireNamed.find(values(), name)
        .filter(highest::atLeast)
        .orElseThrow(() -> new InvalidValue("role", allowed(highest)));
  }

  private static String allowed(Role highest) {
    return switch (highest) {
      case READER -> "reader";
      case WRITER -> "reader or writer";
      case OWNER -> "reader, writer or owner";
    };
  }

  public boolean atLeast(Role other) {
    return compareTo(other) >= 0;
  }
}
