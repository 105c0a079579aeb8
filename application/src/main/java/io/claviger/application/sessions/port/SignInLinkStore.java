package io.claviger.application.sessions.port;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import java.time.Duration;
import java.util.Optional;

/**
 * Stores the unused one-time links by the hash of their secret. The database's clock decides when a
 * link expires, because the clocks of nodes can differ.
 */
public interface SignInLinkStore {
  /** Stores a new link, which expires after the given time. */
  void insert(TokenHash hash, User.Id user, Duration valid);

  /** Returns the user of a link that has not expired. */
  Optional<LinkRecipient> find(TokenHash hash);

  /**
   * Removes an unexpired link, and returns its user. If several callers try to remove a link at the
   * same time, only one of them gets the user. The result is empty if there is no such link or
   * user.
   */
  Optional<LinkRecipient> take(TokenHash hash);

  int deleteExpired();

  /** The user for whom a link was made. */
  record LinkRecipient(User.Id id, Handle handle) {}
}
