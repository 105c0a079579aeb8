package io.claviger.domain.sharing;

import io.claviger.domain.accounts.UserId;
import java.time.Instant;
import java.util.Optional;

/**
 * A user's relationship to something that somebody owns.
 *
 * @param owningUser whether the user owns it
 * @param role the role of the user's unexpired share
 * @param administrator whether the user is an administrator
 * @param systemLevel whether it belongs to {@code _system}
 */
public record Relationship(
    boolean owningUser, Optional<Role> role, boolean administrator, boolean systemLevel) {

  /** The relationship at a given instant. An expired share gives no role. */
  public static Relationship of(
      UserId user, boolean administrator, UserId owner, Optional<Share> share, Instant now) {
    return onTerms(user, administrator, owner, share.map(Share::terms), now);
  }

  /**
   * The relationship at a given instant, when only the terms of the user's share are known. An
   * expired share gives no role.
   */
  public static Relationship onTerms(
      UserId user, boolean administrator, UserId owner, Optional<Share.Terms> terms, Instant now) {
    Optional<Role> role = terms.filter(t -> !t.expiredAt(now)).map(Share.Terms::role);
    return new Relationship(user.equals(owner), role, administrator, owner.equals(UserId.SYSTEM));
  }

  /**
   * The role that is shown to the user. Empty for an administrator without a role and for users
   * without a share.
   */
  public Optional<Role> shownRole() {
    if (owningUser || (systemLevel && administrator)) {
      return Optional.of(Role.OWNER);
    }
    return systemLevel ? Optional.of(Role.READER) : role;
  }
}
