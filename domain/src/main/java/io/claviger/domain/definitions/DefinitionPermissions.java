package io.claviger.domain.definitions;

import io.claviger.domain.accounts.UserId;

/** Who may do what with a definition. */
public final class DefinitionPermissions {
  private DefinitionPermissions() {}

  /**
   * @param sharedWith whether the user was given the sight of it by name
   */
  public static boolean maySee(
      Definition definition, UserId user, boolean administrator, boolean sharedWith) {
    return administrator || definition.isTrustedBy(user) || definition.isPublic() || sharedWith;
  }

  /** Create and change: the owning user, and administrators for {@code _system}. */
  public static boolean mayWrite(UserId owner, UserId user, boolean administrator) {
    return owner.equals(user) || (owner.equals(UserId.SYSTEM) && administrator);
  }

  /** Delete: who may write, and administrators for anybody's. */
  public static boolean mayDelete(UserId owner, UserId user, boolean administrator) {
    return administrator || owner.equals(user);
  }
}
