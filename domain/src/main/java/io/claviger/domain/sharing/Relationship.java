package io.claviger.domain.sharing;

import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.Optional;

/**
 * A user's relationship to something that somebody owns.
 *
 * @param owningUser whether the user owns it
 * @param role the highest role of the user's unexpired shares, their own and those of their groups
 * @param administrator whether the user is an administrator
 * @param systemLevel whether it belongs to {@code _system}
 */
public record Relationship(
    boolean owningUser, Optional<Role> role, boolean administrator, boolean systemLevel) {

  /** The relationship at a time. An expired share gives no role. */
  public static Relationship of(
      User.Id user, boolean administrator, User.Id owner, HeldShares shares, Instant now) {
    return of(user, administrator, owner, shares.role(now));
  }

  /**
   * The relationship of a user whose role is known.
   *
   * @param role the highest role of the user's unexpired shares
   */
  public static Relationship of(
      User.Id user, boolean administrator, User.Id owner, Optional<Role> role) {
    return new Relationship(user.equals(owner), role, administrator, owner.equals(User.Id.SYSTEM));
  }

  /** The role that is shown to the user, if they own the thing or have a share of it. */
  public Optional<Role> shownRole() {
    if (owningUser || (systemLevel && administrator)) {
      return Optional.of(Role.OWNER);
    }
    return systemLevel ? Optional.of(Role.READER) : role;
  }
}
