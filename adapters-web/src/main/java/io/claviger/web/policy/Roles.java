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
    return Arrays.stream(Role.values())
        .filter(role -> wireName(role).equals(name))
        .findFirst()
        .orElseThrow(() -> new InvalidValue("role", "reader, writer or owner"));
  }
}
