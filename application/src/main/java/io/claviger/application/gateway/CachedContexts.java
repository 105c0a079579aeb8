package io.claviger.application.gateway;

import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.domain.accounts.TokenHash;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A kind of rows that are cached under the rules of {@link AuthorizationCache}.
 *
 * @param <R> the type of the names; a name and a token together identify the rows
 * @param <T> the type of the rows
 */
public final class CachedContexts<R, T> {
  private final AuthorizationCache cache;
  private final CacheRegion<R, T> region;
  private final ContextReader<R, T> reader;

  CachedContexts(AuthorizationCache cache, CacheRegion<R, T> region, ContextReader<R, T> reader) {
    this.cache = cache;
    this.region = region;
    this.reader = reader;
  }

  /**
   * Returns the cached database rows. The result is empty if there are no cached rows, or if the
   * cached rows might be outdated. Never blocks.
   */
  public Optional<CallContext<T>> find(TokenHash token, R asked, Instant now) {
    return cache.isFresh() ? known(token, asked, now) : Optional.empty();
  }

  /**
   * Queries the database. If the rows are cached, the query only checks whether the rows have
   * changed.
   *
   * @return the rows; empty if no token has this hash
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer
   */
  public Optional<CallContext<T>> gather(TokenHash token, R asked, Instant now) {
    Supplier<Instant> clock = cache.clockFrom(now);
    if (known(token, asked, now).isPresent()) {
      cache.refreshNow();
    }
    return known(token, asked, now)
        .or(() -> region.read(token, asked, () -> read(token, asked, clock.get())));
  }

  private Optional<CallContext<T>> known(TokenHash token, R asked, Instant now) {
    return region
        .get(token, asked)
        .map(CacheRegion.Entry::context)
        .filter(context -> context.target().filter(t -> reader.holdsAt(t, now)).isPresent());
  }

  private Optional<CallContext<T>> read(TokenHash token, R asked, Instant now) {
    long before = cache.generation();
    Optional<CallContext<T>> found = reader.read(token, asked, now);
    found
        .filter(f -> f.target().isPresent())
        .ifPresent(f -> cache.keep(before, () -> region.put(token, asked, f)));
    return found;
  }
}
