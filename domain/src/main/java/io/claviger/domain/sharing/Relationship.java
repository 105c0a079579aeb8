package io.claviger.domain.sharing;

import io.claviger.domain.accounts.UserId;
import java.time.Instant;
import java.util.Optional;

/**
 * How a user stands towards what somebody owns.
 *
 * @param owningUser it is theirs
 * @param role the role of an unexpired share
 * @param administrator they administer this Claviger
 * @param systemLevel it belongs to {@code _system}
 */
public record Relationship(
    boolean owningUser, Optional<Role> role, boolean administrator, boolean systemLevel) {

  /** Where a user stands at an instant; an expired share counts for nothing. */
  public static Relationship of(
      UserId user, boolean administrator, UserId owner, Optional<Share> share, Instant now) {
    Optional<Role> role = share.filter(s -> !s.expiredAt(now)).map(s -> s.terms().role());
    return new Relationship(user.equals(owner), role, administrator, owner.equals(UserId.SYSTEM));
  }

  /** The role that is shown to them; empty for an administrator without one and for a stranger. */
  public Optional<Role> shownRole() {
    if (owningUser || (systemLevel && administrator)) {
      return Optional.of(Role.OWNER);
    }
    return systemLevel ? Optional.of(Role.READER) : role;
  }
}
