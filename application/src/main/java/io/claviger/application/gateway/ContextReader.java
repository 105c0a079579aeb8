package io.claviger.application.gateway;

import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.domain.accounts.TokenHash;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Reads one more kind of rows that {@link AuthorizationCache} caches.
 *
 * @param <R> what is asked for, besides the token
 * @param <T> what is read
 */
public interface ContextReader<R, T> {
  /**
   * Reads from the database.
   *
   * @param now the time that decides which shares have expired
   * @return empty when no token has this hash
   */
  Optional<CallContext<T>> read(TokenHash token, R asked, Instant now);

  /** The ids of the users, instances and projects on which the rows depend, except the caller. */
  Set<UUID> subjects(T target);

  /** The size in bytes, without the token. */
  long weight(T target);

  /** Whether the rows are still valid if nothing was changed: no share has expired since. */
  boolean holdsAt(T target, Instant now);
}
