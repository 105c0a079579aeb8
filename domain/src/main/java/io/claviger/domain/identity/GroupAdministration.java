package io.claviger.domain.identity;

/**
 * Whether a user is an administrator, and whether the user is one because of a group of the
 * identity provider. A user whom an administrator made an administrator remains an administrator
 * even without the group.
 */
public record GroupAdministration(boolean administrator, boolean byGroup) {
  public GroupAdministration {
    if (byGroup && !administrator) {
      throw new IllegalArgumentException("an administrator by group is an administrator");
    }
  }

  /**
   * Returns the state of a user from the stored values. The recorded reason may be outdated: an
   * administrator may have made the user an ordinary user since.
   */
  public static GroupAdministration recorded(boolean administrator, boolean byGroup) {
    return new GroupAdministration(administrator, byGroup && administrator);
  }

  /**
   * Returns the new state, given the identity provider's present answer.
   *
   * @param member whether the person is in the group of administrators
   */
  public GroupAdministration following(boolean member) {
    if (member) {
      return new GroupAdministration(true, byGroup || !administrator);
    }
    return new GroupAdministration(administrator && !byGroup, false);
  }
}
