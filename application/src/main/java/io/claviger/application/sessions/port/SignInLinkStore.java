package io.claviger.application.sessions.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.Optional;

/** The one-time links that have not been used, by the hash of their secret. */
public interface SignInLinkStore {
  void insert(TokenHash hash, User.Id user, Instant madeAt, Instant expiresAt);

  /** Returns the user of a link that has not expired. */
  Optional<LinkRecipient> find(TokenHash hash, Instant now);

  /**
   * Removes a link that has not expired. If several callers redeem the same link at the same time,
   * only one of them gets the user. Returns the user; empty if there is no such link, or if it no
   * longer exists.
   */
  Optional<LinkRecipient> take(TokenHash hash, Instant now);

  int deleteExpired(Instant now);

  /** The user for whom a link was made. */
  record LinkRecipient(User.Id id, Handle handle) {}
}
