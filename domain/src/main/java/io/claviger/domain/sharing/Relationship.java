package io.claviger.domain.sharing;

import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.Optional;

/**
 * A user's relationship to something that has an owner, such as an instance.
 *
 * @param owningUser whether the user owns the thing
 * @param role the highest role of the unexpired shares of the user and of the user's groups; empty
 *     if there is no such share
 * @param administrator whether the user is an administrator
 * @param systemLevel whether the thing belongs to {@code _system}
 * @param forEverybody whether everybody may use the thing without a share; only a thing that
 *     belongs to {@code _system} can be for everybody
 */
public record Relationship(
    boolean owningUser,
    Optional<Role> role,
    boolean administrator,
    boolean systemLevel,
    boolean forEverybody) {

  /**
   * Creates a user's relationship to a thing. If the thing belongs to {@code _system}, it is for
   * everybody.
   */
  public Relationship(
      boolean owningUser, Optional<Role> role, boolean administrator, boolean systemLevel) {
    this(owningUser, role, administrator, systemLevel, systemLevel);
  }

  /** Returns the relationship at a given time. An expired share gives no role. */
  public static Relationship of(
      User.Id user,
      boolean administrator,
      User.Id owner,
      Audience audience,
      HeldShares shares,
      Instant now) {
    return of(user, administrator, owner, audience, shares.role(now));
  }

  /**
   * Returns the relationship of a user whose role is known.
   *
   * @param audience the audience of a thing that belongs to {@code _system}; ignored for all other
   *     things
   * @param role the highest role of the user's unexpired shares
   */
  public static Relationship of(
      User.Id user, boolean administrator, User.Id owner, Audience audience, Optional<Role> role) {
    boolean systemLevel = owner.equals(User.Id.SYSTEM);
    return new Relationship(
        user.equals(owner),
        role,
        administrator,
        systemLevel,
        systemLevel && audience == Audience.EVERYBODY);
  }

  /**
   * Returns the role that is shown to the user. Empty if the thing is not for everybody, and the
   * user neither owns the thing nor has a share of it.
   */
  public Optional<Role> shownRole() {
    if (owningUser || (forEverybody && administrator)) {
      return Optional.of(Role.OWNER);
    }
    return forEverybody ? Optional.of(Role.READER) : role;
  }
}
