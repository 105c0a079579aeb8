package io.claviger.gateway.relay;

import io.claviger.application.gateway.AuthorizedCall.AuthorizationBasis;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.policy.KeySource;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which targets of models rest on this node, because they failed a moment ago. Can be used by any
 * thread.
 *
 * <p>A target rests with the key that it was called with, and no longer once that is replaced. What
 * failed with a user's own key rests for that user alone.
 */
public final class Rests {
  /** More targets than this do not rest at a time. */
  static final int MOST = 10_000;

  static final Duration FIRST = Duration.ofSeconds(10);
  static final Duration LONGEST = Duration.ofMinutes(5);

  /** A provider may ask for more, but not be left alone for ever. */
  static final Duration LONGEST_ASKED = Duration.ofHours(1);

  /**
   * A service, and a model by its provider's name.
   *
   * @param user whose own key it is called with; empty for a key that others pay for
   */
  record Target(InstanceId service, String model, Optional<Handle> user) {}

  /**
   * Tells keys apart.
   *
   * @param setAt when the key was stored; empty for one that is not stored
   */
  record Key(KeySource source, Optional<Instant> setAt) {
    static Key of(AuthorizationBasis basis) {
      return new Key(basis.source(), basis.keySetAt());
    }
  }

  /**
   * @param end by the clock
   * @param next how long the next rest is, if the target fails again
   */
  private record Rest(Key key, long end, Duration next) {}

  private final Map<Target, Rest> resting = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;

  Rests(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  public static Rests ofThisProcess() {
    return new Rests(System::nanoTime);
  }

  /**
   * A target has failed.
   *
   * @param asked how long the provider asks not to be called
   */
  void failed(Target target, Key key, Optional<Duration> asked) {
    if (resting.size() >= MOST && !resting.containsKey(target)) {
      forgetEnded();
      if (resting.size() >= MOST) {
        return;
      }
    }
    long now = nanoTime.getAsLong();
    resting.compute(
        target,
        (t, before) -> {
          Duration usual = before == null || !before.key().equals(key) ? FIRST : before.next();
          Duration rest = asked.map(d -> shorter(d, LONGEST_ASKED)).orElse(usual);
          Duration next = asked.isPresent() ? usual : shorter(usual.multipliedBy(2), LONGEST);
          return new Rest(key, now + rest.toNanos(), next);
        });
  }

  /** A target has answered as it should. */
  void answered(Target target) {
    if (!resting.isEmpty()) {
      resting.remove(target);
    }
  }

  /**
   * How many nanoseconds a target still rests, for a caller; 0 where it does not.
   *
   * @param inUse the key with which the target would be called. Without it the target does not rest
   */
  long remaining(InstanceId service, String model, Handle caller, Supplier<Optional<Key>> inUse) {
    if (resting.isEmpty()) {
      return 0;
    }
    Rest own = active(new Target(service, model, Optional.of(caller)));
    Rest shared = active(new Target(service, model, Optional.empty()));
    if (own == null && shared == null) {
      return 0;
    }
    Optional<Key> key = inUse.get();
    return Math.max(remaining(own, key), remaining(shared, key));
  }

  private @Nullable Rest active(Target target) {
    Rest rest = resting.get(target);
    return rest == null || rest.end() - nanoTime.getAsLong() <= 0 ? null : rest;
  }

  private long remaining(@Nullable Rest rest, Optional<Key> key) {
    return rest != null && key.isPresent() && rest.key().equals(key.get())
        ? Math.max(1, rest.end() - nanoTime.getAsLong())
        : 0;
  }

  /**
   * Forgets rests that ended long ago. They say nothing about whether the target would fail again.
   */
  private void forgetEnded() {
    long now = nanoTime.getAsLong();
    resting.values().removeIf(rest -> rest.end() - now <= 0);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  int size() {
    return resting.size();
  }
}
