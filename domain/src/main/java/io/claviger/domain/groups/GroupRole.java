package io.claviger.domain.groups;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;

/** The role of a user in a group. The group's shares apply to both roles. */
public enum GroupRole implements WireNamed {
  MEMBER,
  /** A manager, who may also change the display name and the members of the group. */
  MANAGER;

  /** Finds the role with the given name, or throws {@link InvalidValue}. */
  public static GroupRole of(String wireName) {
    return WireNamed.of(values(), wireName, "role");
  }
}
