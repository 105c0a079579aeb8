package io.claviger.application.gateway;

import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.domain.accounts.TokenHash;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Reads one of the kinds of rows that {@link AuthorizationCache} caches.
 *
 * @param <R> the type of the names; a name and a token together identify the rows
 * @param <T> the type of the rows
 */
public interface ContextReader<R, T> {
  /**
   * Reads the rows from the database.
   *
   * @param now the present time; shares that have expired are ignored
   * @return the rows; empty if no token has this hash
   */
  Optional<CallContext<T>> read(TokenHash token, R asked, Instant now);

  /**
   * Returns the ids of the users, instances and projects that the rows depend on, except the
   * caller.
   */
  Set<UUID> subjects(T target);

  /** Returns the size of the rows in bytes, without the token. */
  long weight(T target);

  /**
   * Whether unchanged rows are still valid at the given time. Rows are not valid after a share that
   * they depend on has expired.
   */
  boolean holdsAt(T target, Instant now);
}
