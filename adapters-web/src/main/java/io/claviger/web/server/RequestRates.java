package io.claviger.web.server;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.UserId;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How many requests a minute a user may make on this node, and an address without an access token.
 * What is remembered of each is one number, of {@value #REMEMBERED} at most of each kind; of more,
 * some are forgotten and begin anew.
 */
final class RequestRates {
  private static final int REMEMBERED = 50_000;
  // As long as it takes an empty bucket to be full again.
  private static final Duration IDLE = Duration.ofMinutes(1);

  private final int perMinute;
  private final LongSupplier nanoTime;
  private final Cache<UserId, TokenBucket> users = cache();
  private final Cache<AddressBlock, TokenBucket> addresses = cache();
  private final Cache<AddressBlock, TokenBucket> probes = cache();

  RequestRates(int perMinute, LongSupplier nanoTime) {
    this.perMinute = perMinute;
    this.nanoTime = nanoTime;
  }

  /**
   * Counts a request of a user.
   *
   * @return how long to wait, where there were too many
   */
  Optional<Duration> count(UserId user) {
    return count(users, user);
  }

  /** The same for a request without an access token. */
  Optional<Duration> count(AddressBlock address) {
    return count(addresses, address);
  }

  /**
   * The same for a request that asks whether this node can serve. They count apart from others, so
   * that who floods the rest can't make a node look ill to the load balancer before both.
   */
  Optional<Duration> countProbe(AddressBlock address) {
    return count(probes, address);
  }

  private <K> Optional<Duration> count(Cache<K, TokenBucket> buckets, K key) {
    long now = nanoTime.getAsLong();
    return buckets.get(key, unused -> new TokenBucket(perMinute, now)).take(now);
  }

  private static <K> Cache<K, TokenBucket> cache() {
    return Caffeine.newBuilder().maximumSize(REMEMBERED).expireAfterAccess(IDLE).build();
  }
}
