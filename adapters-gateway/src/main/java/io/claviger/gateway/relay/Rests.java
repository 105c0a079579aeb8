package io.claviger.gateway.relay;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Which targets of models rest on this node, because they failed a moment ago. Can be used by any
 * thread.
 *
 * <p>A target rests with the key that it was called with. What failed with a user's own key rests
 * for that user alone.
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
   * @param end by the clock
   * @param next how long the next rest is, if the target fails again
   */
  private record Rest(long end, Duration next) {}

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
  void failed(Target target, Optional<Duration> asked) {
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
          Duration usual = before == null ? FIRST : before.next();
          Duration rest = asked.map(d -> shorter(d, LONGEST_ASKED)).orElse(usual);
          Duration next = asked.isPresent() ? usual : shorter(usual.multipliedBy(2), LONGEST);
          return new Rest(now + rest.toNanos(), next);
        });
  }

  /** A target has answered as it should. */
  void answered(Target target) {
    if (!resting.isEmpty()) {
      resting.remove(target);
    }
  }

  /** How many nanoseconds a target still rests, for a caller; 0 where it does not. */
  long remaining(InstanceId service, String model, Handle caller) {
    if (resting.isEmpty()) {
      return 0;
    }
    return Math.max(
        remaining(new Target(service, model, Optional.empty())),
        remaining(new Target(service, model, Optional.of(caller))));
  }

  private long remaining(Target target) {
    Rest rest = resting.get(target);
    return rest == null ? 0 : Math.max(0, rest.end() - nanoTime.getAsLong());
  }

  /** Those that ended long ago are as good as new: nothing tells whether they would fail again. */
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
