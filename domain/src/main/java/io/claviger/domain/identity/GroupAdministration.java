package io.claviger.domain.identity;

/**
 * Whether a user is an administrator, and whether a group of the identity provider is the reason.
 * If an administrator gave the user this right, the user keeps it even if the user is not in that
 * group.
 */
public record GroupAdministration(boolean administrator, boolean byGroup) {
  public GroupAdministration {
    if (byGroup && !administrator) {
      throw new IllegalArgumentException("byGroup must be false if administrator is false");
    }
  }

  /**
   * Returns the state of a user from the stored values. The stored reason is ignored if the user is
   * no administrator, because in this case, an administrator took the right away after the reason
   * was stored.
   */
  public static GroupAdministration recorded(boolean administrator, boolean byGroup) {
    return new GroupAdministration(administrator, byGroup && administrator);
  }

  /**
   * Returns the state after the identity provider's latest answer.
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
