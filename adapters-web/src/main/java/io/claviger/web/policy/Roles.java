package io.claviger.web.policy;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.sharing.Role;
import java.util.Arrays;
import java.util.Locale;

/** Converts roles from and to their names in JSON. */
public final class Roles {
  private Roles() {}

  public static String wireName(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the role with a name.
   *
   * @throws InvalidValue when there is no such role
   */
  public static Role of(String name) {
    return upTo(Role.OWNER, name);
  }

  /**
   * Returns the role with a name, for objects whose shares can't give every role.
   *
   * @param highest the highest role that can be given
   * @throws InvalidValue when there is no such role, or it is higher than {@code highest}
   */
  public static Role upTo(Role highest, String name) {
    return Arrays.stream(Role.values())
        .filter(role -> highest.atLeast(role) && wireName(role).equals(name))
        .findFirst()
        .orElseThrow(() -> new InvalidValue("role", allowed(highest)));
  }

  private static String allowed(Role highest) {
    return switch (highest) {
      case READER -> "reader";
      case WRITER -> "reader or writer";
      case OWNER -> "reader, writer or owner";
    };
  }
}
