package io.claviger.application.shared;

import io.claviger.application.shared.port.ActiveUsers;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.KeyedInstance;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.sessions.Session;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.HeldShares;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The user who acts, with the credentials that the user has presented.
 *
 * @param token the presented access token, or the token that began the session. The token is empty
 *     if the session began without a token, or if the caller is code in the same process; such code
 *     has all rights of its user
 * @param address the caller's address as text, for the audit trail
 * @param requestId the id of the request that caused the action
 * @param session the session through which the user acts; empty if the user acts without a session
 */
public record Actor(
    User.Id id,
    Handle handle,
    boolean administrator,
    Optional<AccessToken> token,
    String address,
    String requestId,
    Optional<Session.Id> session) {

  /** Creates an actor without a session. */
  public Actor(
      User.Id id,
      Handle handle,
      boolean administrator,
      Optional<AccessToken> token,
      String address,
      String requestId) {
    this(id, handle, administrator, token, address, requestId, Optional.empty());
  }

  /**
   * Whether the actor may change anything. With a token of scope {@code use}, the actor may change
   * nothing.
   */
  public boolean mayManage() {
    return token.isEmpty() || token.get().scope() == TokenScope.MANAGE;
  }

  /**
   * Whether this actor still has all rights that the given actor had. The given actor was
   * identified earlier, by the same credentials.
   */
  public boolean hasRightsOf(Actor before) {
    return id.equals(before.id) && (administrator || !before.administrator);
  }

  /**
   * Returns the actor's relationship to an instance.
   *
   * @param shares the actor's shares of the instance
   */
  public Relationship towards(KeyedInstance instance, HeldShares shares, Instant now) {
    return Relationship.of(id, administrator, instance.owner(), instance.audience(), shares, now);
  }

  /**
   * Whether the actor sees a thing to which the actor has the given relationship. With a token of
   * scope {@code use}, even an administrator sees only what the user may use.
   */
  public boolean sees(Relationship relationship) {
    return Permissions.allows(relationship, mayManage() ? Action.SEE : Action.USE);
  }

  /**
   * Returns the parameters that restrict database statements to the rows that the actor can see.
   */
  public Sight sight() {
    Optional<UUID> only = token.flatMap(AccessToken::restriction).map(TokenRestriction::id);
    return new Sight(id, administrator && mayManage(), only, false);
  }

  /**
   * Whether the actor's token can be used for the given service. The result is also true if the
   * actor has no token.
   */
  public boolean isWithinRestriction(Instance.Id instance) {
    return token.isEmpty() || token.get().allowsService(instance.value());
  }

  /**
   * Returns the token whose limits apply to the actor's calls; empty if the actor is code in the
   * same process and has no token.
   */
  public Optional<CallLimits.Token> callToken() {
    return token.map(AccessToken::asCallToken);
  }

  /**
   * @throws RefusedException if the actor's token has the scope {@code use}
   */
  public void demandManage() {
    if (!mayManage()) {
      throw RefusedException.forbidden(
          "This access token has the scope use. It can read only what its user may use.");
    }
  }

  /**
   * Whether the actor may do everything that the user may do, because the actor has no token, or a
   * token that has no limits and does not expire.
   */
  public boolean isUnlimited() {
    return token.isEmpty() || token.get().isUnlimited();
  }

  /**
   * Checks that the actor's token has no limits and does not expire. This method is called before
   * the actor creates something that does not inherit limits or an expiry. Without this check, the
   * actor could create something that has more rights than the actor's own token.
   *
   * @param what a phrase for the thing that is created; a message begins with this phrase, such as
   *     {@code "A trust"}
   * @throws RefusedException if the actor's token has limits, expires, or does not have the scope
   *     {@code manage}
   */
  public void demandUnlimited(String what) {
    if (!isUnlimited()) {
      throw RefusedException.forbidden(
          what
              + " has no limits and no expiry, so your credential must have neither. Sign in with the"
              + " identity provider or with a one-time link, or present an access token without"
              + " limits and expiry.");
    }
  }

  /**
   * Locks the credentials that the actor presents until the transaction ends. While the lock is
   * held, the actor can't be suspended, deleted or demoted either.
   *
   * @throws RefusedException if one of the presented credentials has ended since it was presented,
   *     or if the actor was suspended or deleted or has lost the rights of an administrator
   */
  public void demandHeld(ActiveUsers users) {
    if (!users.hold(id, administrator, tokenId(), session)) {
      throw RefusedException.forbidden(
          administrator
              ? "Your session or access token has ended, or you were suspended, or you are no"
                  + " longer an administrator."
              : "Your session or access token has ended, or you were suspended, or your account"
                  + " was deleted.");
    }
  }

  public Optional<AccessToken.Id> tokenId() {
    return token.map(AccessToken::id);
  }
}
