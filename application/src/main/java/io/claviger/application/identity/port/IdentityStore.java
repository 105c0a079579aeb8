package io.claviger.application.identity.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.FormerUser;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.keys.SealedValue;
import java.time.Instant;
import java.util.Optional;

/** Stores the identities that are linked to users. Writers have locked the user before. */
public interface IdentityStore {
  /**
   * A stored identity.
   *
   * @param handle the handle of the user
   * @param refreshDueAt when the identity provider is asked again; empty if that is impossible
   */
  record StoredIdentity(LinkedIdentity identity, Handle handle, Optional<Instant> refreshDueAt) {}

  /**
   * What is needed to ask the identity provider again.
   *
   * @param token the refresh token
   */
  record Renewal(SealedValue token, Instant dueAt) {}

  /**
   * An identity about which this node is to ask the identity provider.
   *
   * @param wasDueAt when it was due before it was taken
   * @param uncertain whether the answer to an earlier question was lost, so that the identity
   *     provider may have replaced the token already
   */
  record DueIdentity(
      StoredIdentity identity, SealedValue token, Instant wasDueAt, boolean uncertain) {}

  Optional<StoredIdentity> find(Identity identity);

  Optional<StoredIdentity> findOf(User.Id user);

  /** Finds who had a handle last and was deleted, whether or not somebody has it now. */
  Optional<FormerUser> findFormer(Handle handle);

  /**
   * Links an identity. If its user was made by the sign-in ({@link
   * LinkedIdentity#userMadeBySignIn}), that is recorded permanently, and also applies to identities
   * that are linked to the user later.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when the identity belongs to another
   *     user, or the user has another identity
   */
  void insert(LinkedIdentity identity);

  /**
   * Stores what the identity provider has just answered.
   *
   * @param renewal replaces the former one; empty if the identity provider can't be asked again
   */
  void update(LinkedIdentity identity, Optional<Renewal> renewal);

  /** Unlinks the identity of a user, with the sessions that began with it. */
  boolean delete(User.Id user);

  void setSignInDue(User.Id user, Optional<Instant> at);

  /** Sets when a sign-in is due, unless there is such a time already. */
  void setSignInDueUnlessSet(User.Id user, Instant at);

  /**
   * Takes the identity that has been due for the longest time, and makes it due again later. If
   * several nodes try, only one gets it.
   *
   * @param next when it will be due again
   */
  Optional<DueIdentity> takeDue(Issuer issuer, Instant now, Instant next);

  /**
   * Returns when the oldest question that the identity provider has not answered was due. If there
   * is none, returns when the next question is due.
   */
  Optional<Instant> oldestUnanswered(Issuer issuer);

  /**
   * Makes an identity due again as it was before {@link #takeDue}, because the question was never
   * sent. Does nothing if somebody else has stored or taken it since.
   */
  void putBack(DueIdentity unsent);
}
