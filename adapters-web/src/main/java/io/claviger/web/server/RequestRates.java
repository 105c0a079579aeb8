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
 * Limits the requests per minute on this node: the requests of each user, and the requests without
 * an access token from each address. This class remembers up to {@value #REMEMBERED} users, and up
 * to {@value #REMEMBERED} addresses. If there are more users or addresses, some are forgotten and
 * start again with a full allowance.
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
   * @return how long to wait if the user has made too many requests; empty otherwise
   */
  Optional<Duration> count(User.Id user) {
    return count(users, user);
  }

  /**
   * Counts a request without an access token.
   *
   * @return how long to wait if too many requests have come from the address; empty otherwise
   */
  Optional<Duration> count(AddressBlock address) {
    return count(addresses, address);
  }

  /**
   * Counts a readiness request. Readiness requests have their own limit, because many requests
   * through a load balancer would otherwise make this node look unhealthy to the load balancer.
   *
   * @return how long to wait if too many requests have come from the address; empty otherwise
   */
  Optional<Duration> countProbe(AddressBlock address) {
    return count(probes, address);
  }

  /**
   * Counts a request that each address may make only rarely.
   *
   * @param most the maximum number of such requests from one address per minute
   * @return how long to wait if too many requests have come from the address; empty otherwise
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
   * A token bucket stored as one number: the time at which the bucket will be full again (the
   * generic cell rate algorithm). The bucket holds one minute's tokens, so the requests of a whole
   * minute may come in one burst.
   */
  static final class TokenBucket {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final long interval;
    private final AtomicLong fullAt;

    /**
     * Creates a full bucket.
     *
     * @param perMinute the number of tokens that are added per minute, at least 1
     * @param now the time in nanoseconds, as returned by {@link System#nanoTime}
     */
    TokenBucket(int perMinute, long now) {
      this.interval = MINUTE / perMinute;
      this.fullAt = new AtomicLong(now);
    }

    /**
     * Takes one token.
     *
     * @param now the time in nanoseconds, as returned by {@link System#nanoTime}
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
