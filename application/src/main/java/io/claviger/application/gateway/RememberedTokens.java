package io.claviger.application.gateway;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.AccessTokenStore.Presented;
import io.claviger.application.accounts.port.RecentTokens;
import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.gateway.port.CallContexts.TokenUser;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Remembers the access tokens of requests that arrive in quick succession, under the rules of
 * {@link AuthorizationCache}. All other requests query the database. Remembered rows are valid only
 * while this node keeps reading the list of changes. Reading this list costs more than looking up a
 * few tokens, so tokens are not remembered while requests are rare.
 */
public final class RememberedTokens implements RecentTokens {
  /**
   * If requests arrive at this interval, looking up their tokens costs the database twice as much
   * as reading the list of changes.
   */
  private static final Duration INTERVAL = Duration.ofMillis(10);

  /**
   * The length of 50 such intervals. Tokens are remembered as soon as 50 requests have followed
   * each other at shorter intervals.
   */
  private static final long BURST = 50 * INTERVAL.toNanos();

  private static final long MOST = 8L << 20;

  /** An upper bound for the size of a user in bytes. All texts of a user have a limited length. */
  private static final long USER = 2_000;

  /**
   * The name in the cache's key. The name has a single value, because each token has only one
   * entry.
   */
  private enum Itself {
    TOKEN
  }

  private final AccessTokenStore tokens;
  private final CachedContexts<Itself, Presented> cached;
  private final LongSupplier nanos;

  /**
   * A time that moves forward by one interval with each request. If this time would then be in the
   * past, it becomes the present time. The further this time is in the future, the more requests
   * have followed each other at shorter intervals.
   */
  private final AtomicLong due;

  public RememberedTokens(AccessTokenStore tokens, AuthorizationCache cache, LongSupplier nanos) {
    this.tokens = tokens;
    this.cached = cache.caching(new Reader(tokens), MOST);
    this.nanos = nanos;
    this.due = new AtomicLong(nanos.getAsLong());
  }

  @Override
  public Optional<Presented> find(TokenHash hash, Instant now) {
    if (!areFrequent()) {
      return tokens.find(hash);
    }
    return cached
        .find(hash, Itself.TOKEN, now)
        .or(() -> cached.gather(hash, Itself.TOKEN, now))
        .flatMap(CallContext::target);
  }

  private boolean areFrequent() {
    long now = nanos.getAsLong();
    long ahead =
        due.updateAndGet(last -> now + Math.clamp(last - now + INTERVAL.toNanos(), 0, 2 * BURST))
            - now;
    return ahead > BURST;
  }

  private record Reader(AccessTokenStore tokens) implements ContextReader<Itself, Presented> {
    @Override
    public Optional<CallContext<Presented>> read(TokenHash token, Itself asked, Instant now) {
      return tokens
          .find(token)
          .map(found -> new CallContext<>(found.token(), caller(found), Optional.of(found)));
    }

    private static TokenUser caller(Presented found) {
      User user = found.user();
      return new TokenUser(
          user.id(),
          user.handle(),
          user.administrator(),
          user.suspendedAt(),
          found.signInDueAt(),
          user.responsible().map(Responsible::uuid));
    }

    @Override
    public Set<UUID> subjects(Presented target) {
      return Set.of();
    }

    @Override
    public long weight(Presented target) {
      return USER;
    }

    /** Each request checks whether the token has expired and whether its user has to sign in. */
    @Override
    public boolean holdsAt(Presented target, Instant now) {
      return true;
    }
  }
}
