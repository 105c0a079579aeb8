package io.claviger.application.identity.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.FormerUser;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.keys.SealedValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Stores the identities that are linked to users. The caller must have locked the user before
 * writing an identity.
 */
public interface IdentityStore {
  /**
   * The maximum time until the next request about an identity is due. If a request is due later
   * than this, the identity was taken or renewed while the database's clock was ahead.
   */
  Duration LATEST = Duration.ofHours(1);

  /**
   * A stored identity.
   *
   * @param handle the handle of the user
   * @param refreshDueAt when the identity provider is next asked about this identity; empty if the
   *     provider can't be asked about it
   */
  record StoredIdentity(LinkedIdentity identity, Handle handle, Optional<Instant> refreshDueAt) {}

  /**
   * The refresh token for the next request to the identity provider, and the time of this request.
   *
   * @param token the refresh token
   */
  record Renewal(SealedValue token, Instant dueAt) {}

  /**
   * An identity that this node has taken in order to ask the identity provider about it.
   *
   * @param wasDueAt when the request about the identity was due before the identity was taken
   * @param uncertain whether an earlier answer was lost, so that the identity provider might
   *     already have replaced the token
   */
  record DueIdentity(
      StoredIdentity identity, SealedValue token, Instant wasDueAt, boolean uncertain) {}

  /** A user about whom no node asks an identity provider. */
  record UnfollowedPerson(User.Id id, Handle handle) {}

  /**
   * The people about whom no node asks an identity provider.
   *
   * @param number the number of these people
   * @param first the alphabetically first of these people's handles, in ascending order
   */
  record Unfollowed(int number, List<Handle> first) {
    public Unfollowed {
      first = List.copyOf(first);
    }
  }

  Optional<StoredIdentity> find(Identity identity);

  Optional<StoredIdentity> findOf(User.Id user);

  /**
   * Finds the deleted user who last had a handle, whether or not another user has the handle now.
   */
  Optional<FormerUser> findFormer(Handle handle);

  /**
   * Links an identity. If {@link LinkedIdentity#userMadeByProvider} says that the sign-in created
   * the user, this fact is recorded permanently. The fact then also applies to identities that are
   * linked to the user later.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when the identity belongs to another
   *     user, or when the user has another identity
   */
  void insert(LinkedIdentity identity);

  /**
   * Stores the identity provider's latest answer about a user.
   *
   * @param renewal the replacement of the earlier refresh token; empty if the identity provider
   *     can't be asked again
   */
  void update(LinkedIdentity identity, Optional<Renewal> renewal);

  /**
   * Replaces the refresh token of a user's identity. The request that this node has made about the
   * identity still counts as unanswered.
   */
  void replaceToken(User.Id user, SealedValue token);

  /**
   * Stores whether a group makes a user an administrator. Does nothing for a user without an
   * identity.
   */
  void setAdministersByGroup(User.Id user, boolean byGroup);

  /** Unlinks the user's identity and ends the sessions that began with it. */
  boolean delete(User.Id user);

  void setSignInDue(User.Id user, Optional<Instant> at);

  /** Sets the time by which the user must sign in, unless such a time is already set. */
  void setSignInDueUnlessSet(User.Id user, Instant at);

  /**
   * Records that a user needs no identity provider, although SCIM might have created the user.
   * Nothing happens if SCIM does not know the user.
   */
  void release(User.Id user);

  /**
   * Finds the people about whom Claviger no longer gets statements from any identity provider.
   * There are two kinds of such people. People of the first kind have signed in with an identity of
   * an issuer other than the asked issuer, and no node asks this other issuer about them. People of
   * the second kind were created by SCIM of another issuer that has no SCIM token now. People of
   * the second kind have neither an identity that makes them people of the first kind nor an
   * identity of the asked issuer, and were not {@link #release released}. If the node asks no
   * issuer, people of the second kind are left out, because they could not sign in. Suspended users
   * are always left out.
   *
   * @param asked the issuer that this node asks; empty if this node asks none
   * @param overdue if the request about an identity became due at this time or earlier, no node
   *     asks about the identity any more
   * @param most the maximum number of handles in the answer
   */
  Unfollowed unfollowed(Optional<Issuer> asked, Instant overdue, int most);

  /**
   * Sets the time by which some of the {@link #unfollowed} people must sign in, unless such a time
   * is already set. Leaves out users whom other transactions have locked. Leaves out all
   * administrators if no other administrator could continue without a sign-in.
   *
   * @return the people for whom the time was set
   */
  List<UnfollowedPerson> demandSignIns(
      Optional<Issuer> asked, Instant overdue, Instant at, int most);

  /**
   * Takes the identity about which a request has been due for the longest time, and sets a later
   * time for the next request. If several nodes try to take the same identity, only one of them
   * gets it. If no request is due, takes an identity whose next request would be due later than
   * {@link #LATEST}.
   *
   * @param next the time at which the next request about the identity is due
   */
  Optional<DueIdentity> takeDue(Issuer issuer, Instant now, Instant next);

  /**
   * Returns the time at which the oldest unanswered request to the identity provider was due. If no
   * request is due, returns the time at which the next request will be due.
   */
  Optional<Instant> oldestUnanswered(Issuer issuer);

  /**
   * Restores the time at which a request about an identity was due before {@link #takeDue}. This
   * method is called if no request was sent. Does nothing if another transaction has stored or
   * taken the identity since it was taken by {@link #takeDue}.
   */
  void putBack(DueIdentity unsent);
}
