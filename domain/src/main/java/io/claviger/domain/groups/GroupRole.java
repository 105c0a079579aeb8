package io.claviger.domain.groups;

import io.claviger.domain.InvalidValue;
import java.util.Arrays;
import java.util.Locale;

/** The role of a user in a group. The group's shares apply to both roles. */
public enum GroupRole {
  MEMBER,
  /** A manager may also change the display name and the members of the group. */
  MANAGER;

  /** The name in JSON and in the database. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Finds the role with this name, or throws {@link InvalidValue}. */
  public static GroupRole of(String wireName) {
    return Arrays.stream(values())
        .filter(role -> role.wireName().equals(wireName))
        .findFirst()
        .orElseThrow(() -> new InvalidValue("role", "member or manager"));
  }
}
