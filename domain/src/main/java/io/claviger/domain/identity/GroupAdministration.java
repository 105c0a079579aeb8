package io.claviger.domain.identity;

/**
 * Whether a user is an administrator, and if so, whether because of a group of the identity
 * provider. A user whom an administrator made an administrator stays one without the group.
 */
public record GroupAdministration(boolean administrator, boolean byGroup) {
  public GroupAdministration {
    if (byGroup && !administrator) {
      throw new IllegalArgumentException("an administrator by group is an administrator");
    }
  }

  /** Returns the state of a user. An administrator may have ended it since it was recorded. */
  public static GroupAdministration recorded(boolean administrator, boolean byGroup) {
    return new GroupAdministration(administrator, byGroup && administrator);
  }

  /**
   * What follows from the identity provider's present answer.
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
