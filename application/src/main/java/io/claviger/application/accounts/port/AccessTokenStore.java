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
   * An access token and its user.
   *
   * @param signInDueAt the time after which the user's tokens are refused until the user signs in;
   *     empty if the tokens need no sign-in
   */
  record Presented(AccessToken token, User user, Optional<Instant> signInDueAt) {

    /**
     * Returns why the token is refused although the token itself is valid; empty if the token is
     * accepted.
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
   * @param service the service to which the listed tokens are restricted; if empty, all tokens are
   *     listed
   * @param after the position of the token after which the list begins; empty if the first page is
   *     requested
   * @param limit the maximum number of returned tokens
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
   * @param service the service to which the counted tokens are restricted; if empty, all tokens are
   *     counted
   * @param most the number at which counting stops
   */
  int count(User.Id user, Optional<Instance.Ref> service, int most);

  /**
   * Stores a token. Replaces a token with the same hash and the same user, because the token from
   * the environment is stored again at every start.
   */
  void save(AccessToken token, TokenHash hash);

  /**
   * Stores a token unless a token with the same hash is already stored.
   *
   * @return whether the token was stored
   */
  boolean add(AccessToken token, TokenHash hash);

  /**
   * Lists the prefixes of the imported tokens that have not expired, in ascending order.
   *
   * @param most the maximum number of returned prefixes
   */
  List<TokenPrefix> importedPrefixes(Instant now, int most);

  /**
   * Locks a user's token, so that it can't be revoked until the transaction ends. Returns false
   * when the token no longer exists.
   */
  boolean hold(User.Id user, AccessToken.Id token);

  /**
   * The part of a token's state that decides whether another narrower token may be made from the
   * token.
   *
   * @param depth the number of levels of parents above the token
   * @param narrower the number of unexpired narrower tokens that were made from the token
   */
  record Parent(int depth, int narrower) {}

  /**
   * Locks a user's token in order to make a narrower token from it. The result is empty when the
   * token no longer exists.
   */
  Optional<Parent> lockParent(User.Id user, AccessToken.Id token, Instant now);

  /** Finds a token by its id. Expired tokens are found too. */
  Optional<Presented> find(AccessToken.Id token);

  /**
   * Gives a token a new text and a new expiry. The old text is refused from now on, and the client
   * secrets that were made with it end. The narrower tokens of this token stay valid. Must be
   * called in a transaction.
   */
  void replaceText(AccessToken.Id token, TokenHash hash, Instant expiresAt);

  /**
   * Deletes tokens that programs can no longer use: tokens of device sign-ins, narrower tokens and
   * exchanged tokens.
   *
   * @param ago the time that must have passed since the end of a token, by the database's clock,
   *     before the token is deleted
   * @param most the maximum number of deleted tokens; their narrower tokens are deleted too, but do
   *     not count
   * @return the number of deleted tokens
   */
  int deleteEnded(Duration ago, int most);

  void deleteNarrower(TokenHash hash);

  /** Deletes a user's token and its narrower tokens. Returns whether the token existed. */
  boolean delete(User.Id user, AccessToken.Id token);

  /** Deletes a user's tokens of one origin. Returns the number of deleted tokens. */
  int deleteAll(User.Id user, AccessToken.Origin origin);

  /** The interval in which only the first use of a token is recorded. */
  Duration USE_GRAIN = Duration.ofMinutes(1);

  /**
   * Stores that somebody presented a bound token from another address or without its certificate.
   * The owner of the token sees this record.
   */
  void recordStray(AccessToken.Id token, AccessToken.Stray stray);

  /** Records the use of a token, unless a use within {@link #USE_GRAIN} is already recorded. */
  void recordUse(AccessToken.Id token, Instant at);
}
