package io.claviger.web.policy;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.sharing.Role;
import java.util.Arrays;
import java.util.Locale;

/** Roles as they stand in JSON. */
public final class Roles {
  private Roles() {}

  public static String wireName(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws InvalidValue when there is no such role
   */
  public static Role of(String name) {
    return upTo(Role.OWNER, name);
  }

  /**
   * For what has not all roles to give.
   *
   * @throws InvalidValue when there is no such role, or only a higher one
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
