package io.claviger.application.accounts.port;

import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenBar;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenPrefix;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Stores access tokens. A token is found by the hash of its text; the text itself is never stored.
 */
public interface AccessTokenStore {
  /**
   * An access token and the user to whom it belongs.
   *
   * @param signInDueAt when the user's tokens begin to be refused until a sign-in; empty if the
   *     tokens are never refused because a sign-in is missing
   */
  record Presented(AccessToken token, User user, Optional<Instant> signInDueAt) {

    /**
     * Returns why the token is refused now although the token itself is valid; empty if the token
     * is accepted.
     */
    public Optional<TokenBar> barAt(Instant now) {
      return TokenBar.of(user.suspendedAt(), signInDueAt, now);
    }
  }

  /** Finds a token by its whole hash. Expired tokens are found too. */
  Optional<Presented> find(TokenHash hash);

  /**
   * Lists a user's tokens by creation time, then id.
   *
   * @param service the service to which the wanted tokens are restricted; empty for all tokens
   * @param after the position after which the list begins; empty if it begins with the first token
   * @param limit the greatest number of tokens returned
   */
  List<AccessToken> listOf(
      User.Id user, Optional<Instance.Ref> service, Optional<TimeCursor> after, int limit);

  /** Lists all of a user's tokens by creation time, then id. */
  default List<AccessToken> listOf(User.Id user, Optional<TimeCursor> after, int limit) {
    return listOf(user, Optional.empty(), after, limit);
  }

  /**
   * Counts a user's tokens.
   *
   * @param service the service to which the wanted tokens are restricted; empty for all tokens
   * @param most the number at which counting stops
   */
  int count(User.Id user, Optional<Instance.Ref> service, int most);

  /**
   * Stores a token. If the user already has a token with the same hash, that token is replaced,
   * because the environment's token is stored again at every start.
   */
  void save(AccessToken token, TokenHash hash);

  /**
   * Stores a token unless a token with the same hash is already stored.
   *
   * @return whether it was stored
   */
  boolean add(AccessToken token, TokenHash hash);

  /**
   * Lists the prefixes of the imported tokens that have not expired, in ascending order.
   *
   * @param most the greatest number of prefixes returned
   */
  List<TokenPrefix> importedPrefixes(Instant now, int most);

  /**
   * Prevents the revocation of a user's token until the transaction ends. Returns false when the
   * token no longer exists.
   */
  boolean hold(User.Id user, AccessToken.Id token);

  /**
   * The state of a token that decides whether another narrower token may be made from it.
   *
   * @param depth how many levels of parents the token has
   * @param narrower how many narrower tokens that were made from the token have not expired
   */
  record Parent(int depth, int narrower) {}

  /**
   * Locks a user's token for adding a narrower token. The result is empty when the token no longer
   * exists.
   */
  Optional<Parent> lockParent(User.Id user, AccessToken.Id token, Instant now);

  /** Finds a token by its id. Expired tokens are found too. */
  Optional<Presented> find(AccessToken.Id token);

  /**
   * Gives a token another text and another expiry. The former text is refused from now on. The
   * narrower tokens that were made from this token stay valid.
   */
  void replaceText(AccessToken.Id token, TokenHash hash, Instant expiresAt);

  /**
   * Deletes tokens that programs obtained and that can't be used any more: tokens of device
   * sign-ins, narrower tokens and exchanged tokens.
   *
   * @param before only tokens that ended before this time are deleted
   * @param most the greatest number of tokens that are deleted; the narrower tokens that are
   *     deleted with these tokens are not counted
   * @return how many were deleted
   */
  int deleteEnded(Instant before, int most);

  void deleteNarrower(TokenHash hash);

  /**
   * Deletes a user's token together with its narrower tokens, and returns whether the token
   * existed.
   */
  boolean delete(User.Id user, AccessToken.Id token);

  /** Deletes a user's tokens of one origin and returns how many tokens were deleted. */
  int deleteAll(User.Id user, AccessToken.Origin origin);

  /** The length of the interval in which only the first use of a token is recorded. */
  Duration USE_GRAIN = Duration.ofMinutes(1);

  /**
   * Stores that a bound token was presented from an address to which it is not bound, or without
   * the certificate to which it is bound. The owner of the token sees this record.
   */
  void recordStray(AccessToken.Id token, AccessToken.Stray stray);

  /**
   * Records the use of a token, unless a node has recorded a use of this token within {@link
   * #USE_GRAIN}.
   */
  void recordUse(AccessToken.Id token, Instant at);
}
