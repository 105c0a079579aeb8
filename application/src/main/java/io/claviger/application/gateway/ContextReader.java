package io.claviger.application.gateway;

import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.domain.accounts.TokenHash;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Reads a kind of rows that {@link AuthorizationCache} caches.
 *
 * @param <R> the type of the names by which the rows are found, together with the token
 * @param <T> the type of the rows
 */
public interface ContextReader<R, T> {
  /**
   * Reads the rows from the database.
   *
   * @param now the time that decides which shares have expired
   * @return empty when no token has this hash
   */
  Optional<CallContext<T>> read(TokenHash token, R asked, Instant now);

  /**
   * Returns the ids of the users, instances and projects on which the rows depend, except the
   * caller.
   */
  Set<UUID> subjects(T target);

  /** Returns the size of the rows in bytes, without the token. */
  long weight(T target);

  /**
   * Whether rows that nobody has changed are still valid at this time; the rows are no longer valid
   * if a share on which they depend has expired.
   */
  boolean holdsAt(T target, Instant now);
}
