package io.claviger.application.accounts.port;

import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenId;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** All access tokens, known by the hash of their text. */
public interface AccessTokenStore {
  /** A token and whose it is. */
  record Presented(AccessToken token, User user) {}

  /** Looks a token up by its whole hash, expired or not. */
  Optional<Presented> find(TokenHash hash);

  /** A user's tokens by creation time and id. */
  List<AccessToken> listOf(UserId user, Optional<TimeCursor> after, int limit);

  /** Whether a user ever had a token, be it deleted or expired by now. */
  boolean everHadAny(UserId user);

  /**
   * Stores a token. One with the same hash and user is replaced: the environment's token comes
   * again at every start.
   */
  void save(AccessToken token, TokenHash hash);

  /**
   * Holds a token of a user until the transaction ends, so that it is not revoked meanwhile.
   *
   * @return false when there is no such token any more
   */
  boolean hold(UserId user, TokenId token);

  /** Deletes a token of a user and says whether there was one. */
  boolean delete(UserId user, TokenId token);

  /** Deletes all of a user's tokens and says how many there were. */
  int deleteAll(UserId user);

  /** Deletes those of one origin. */
  int deleteAll(UserId user, AccessToken.Origin origin);

  /** How long a use that is noted stands for all uses after it. */
  Duration USE_GRAIN = Duration.ofMinutes(1);

  /**
   * Notes that a token was used, unless that was noted within {@link #USE_GRAIN}, by whichever
   * node.
   */
  void recordUse(TokenId token, Instant at);
}
