package io.claviger.domain.definitions;

import io.claviger.domain.accounts.User;

/** Decides which actions a user may take on a definition. */
public final class DefinitionPermissions {
  private DefinitionPermissions() {}

  /**
   * @param sharedWith whether the definition was shared with this user by name
   */
  public static boolean maySee(
      Definition definition, User.Id user, boolean administrator, boolean sharedWith) {
    return administrator || definition.isTrustedBy(user) || definition.isPublic() || sharedWith;
  }

  /**
   * Whether the user may change the definition. The owning user may change a definition, and
   * administrators may change the definitions of {@code _system}.
   */
  public static boolean mayWrite(User.Id owner, User.Id user, boolean administrator) {
    return owner.equals(user) || (owner.equals(User.Id.SYSTEM) && administrator);
  }

  /**
   * Whether the user may delete the definition. The owning user and all administrators may delete a
   * definition.
   */
  public static boolean mayDelete(User.Id owner, User.Id user, boolean administrator) {
    return administrator || owner.equals(user);
  }
}
