package io.claviger.web.server;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.User;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Limits how many requests a minute each user may make on this node, and how many requests without
 * an access token may come from each address in a minute. This class remembers at most {@value
 * #REMEMBERED} users, and at most the same number of addresses. If there are more users or
 * addresses, some are forgotten, and start again with a full allowance.
 */
final class RequestRates {
  private static final int REMEMBERED = 50_000;
  // The time that an empty bucket needs to fill up.
  private static final Duration IDLE = Duration.ofMinutes(1);

  private final int perMinute;
  private final LongSupplier nanoTime;
  private final Cache<User.Id, TokenBucket> users = cache();
  private final Cache<AddressBlock, TokenBucket> addresses = cache();
  private final Cache<AddressBlock, TokenBucket> probes = cache();
  private final Cache<AddressBlock, TokenBucket> rare = cache();

  RequestRates(int perMinute, LongSupplier nanoTime) {
    this.perMinute = perMinute;
    this.nanoTime = nanoTime;
  }

  /**
   * Counts a request of a user.
   *
   * @return how long to wait if the user has made too many requests; empty if not
   */
  Optional<Duration> count(User.Id user) {
    return count(users, user);
  }

  /**
   * Counts a request without an access token.
   *
   * @return how long to wait if too many requests have come from the address; empty if not
   */
  Optional<Duration> count(AddressBlock address) {
    return count(addresses, address);
  }

  /**
   * Counts a request which asks whether this node is ready. Such requests have their own limit.
   * Otherwise, many other requests that come through a load balancer would make the node look
   * unhealthy to that load balancer.
   *
   * @return how long to wait if too many requests have come from the address; empty if not
   */
  Optional<Duration> countProbe(AddressBlock address) {
    return count(probes, address);
  }

  /**
   * Counts a request of a kind of which each address may make only a few.
   *
   * @param most the number of such requests that callers from the address may make in a minute
   * @return how long to wait if too many requests have come from the address; empty if not
   */
  Optional<Duration> countRare(AddressBlock address, int most) {
    return count(rare, address, most);
  }

  private <K> Optional<Duration> count(Cache<K, TokenBucket> buckets, K key) {
    return count(buckets, key, perMinute);
  }

  private <K> Optional<Duration> count(Cache<K, TokenBucket> buckets, K key, int most) {
    long now = nanoTime.getAsLong();
    return buckets.get(key, unused -> new TokenBucket(most, now)).take(now);
  }

  private static <K> Cache<K, TokenBucket> cache() {
    return Caffeine.newBuilder().maximumSize(REMEMBERED).expireAfterAccess(IDLE).build();
  }

  /**
   * A token bucket that is stored as one number: the time at which the bucket will be full again
   * (the generic cell rate algorithm). The bucket can hold the tokens of one minute, so that as
   * many requests as are allowed in a minute may come in one burst.
   */
  static final class TokenBucket {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final long interval;
    private final AtomicLong fullAt;

    /**
     * Creates a full bucket.
     *
     * @param perMinute how many tokens are added in a minute, at least 1
     * @param now the time in nanoseconds, as {@link System#nanoTime} returns it
     */
    TokenBucket(int perMinute, long now) {
      this.interval = MINUTE / perMinute;
      this.fullAt = new AtomicLong(now);
    }

    /**
     * Takes one token.
     *
     * @param now the time in nanoseconds, as {@link System#nanoTime} returns it
     * @return how long to wait for a token; empty if a token was taken
     */
    Optional<Duration> take(long now) {
      while (true) {
        long before = fullAt.get();
        long after = (before - now < 0 ? now : before) + interval;
        long missing = after - now - MINUTE;
        if (missing > 0) {
          return Optional.of(Duration.ofNanos(missing));
        }
        if (fullAt.compareAndSet(before, after)) {
          return Optional.empty();
        }
      }
    }
  }
}
