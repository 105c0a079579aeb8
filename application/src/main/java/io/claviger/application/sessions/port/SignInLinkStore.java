package io.claviger.application.sessions.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.Optional;

/** The unused one-time links, by the hash of their secret. */
public interface SignInLinkStore {
  void insert(TokenHash hash, User.Id user, Instant madeAt, Instant expiresAt);

  /** Returns the user of an unexpired link. */
  Optional<LinkRecipient> find(TokenHash hash, Instant now);

  /**
   * Removes an unexpired link, and returns its user. If several callers do this at the same time,
   * only one of them gets the user. The result is empty if there is no such link or user.
   */
  Optional<LinkRecipient> take(TokenHash hash, Instant now);

  int deleteExpired(Instant now);

  /** The user for whom a link was made. */
  record LinkRecipient(User.Id id, Handle handle) {}
}
