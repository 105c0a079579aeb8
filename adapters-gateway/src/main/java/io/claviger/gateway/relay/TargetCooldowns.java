package io.claviger.gateway.relay;

import io.claviger.application.gateway.port.AuthorizedCall.AuthorizationBasis;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The targets that this node does not call for a while, because calls to them have failed. Any
 * thread may use an object of this class.
 *
 * <p>A target is skipped only for calls with the key of the failed call. If the key is replaced,
 * the cooldown ends. If the failed call used a user's own key, the target is skipped only for that
 * user. If the call used a key that somebody else pays for, the target is skipped only for the
 * caller of the failed call. If a call of another borrower also fails before the cooldown ends, the
 * target is skipped for everybody. If the failed calls of a single borrower were enough, one person
 * could send requests that the target always refuses, and so divert everybody's calls to another
 * target. For the same reason, a person and their service accounts are one borrower.
 */
public final class TargetCooldowns {
  /** The maximum number of targets with a cooldown. */
  static final int MOST = 10_000;

  static final Duration FIRST = Duration.ofSeconds(10);
  static final Duration LONGEST = Duration.ofMinutes(5);

  /**
   * A service, and the provider's name for a model. The class is comparable, because a map finds
   * comparable keys quickly even if callers choose many names with equal hashes.
   *
   * @param user the user whose own key is used to call the service; empty if somebody else pays for
   *     the key
   */
  record CooldownTarget(Instance.Id service, String model, Optional<Handle> user)
      implements Comparable<CooldownTarget> {
    private static final Comparator<CooldownTarget> ORDER =
        Comparator.comparing(CooldownTarget::model)
            .thenComparing(target -> target.service().value())
            .thenComparing(target -> target.user().map(Handle::value).orElse(""));

    @Override
    public int compareTo(CooldownTarget other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * Identifies the key with which a target is called.
   *
   * @param setAt the time at which the key was stored; empty if the key is not stored
   */
  record CooldownKey(KeySource source, Optional<Instant> setAt) {
    static CooldownKey of(AuthorizationBasis basis) {
      return new CooldownKey(basis.source(), basis.keySetAt());
    }
  }

  /**
   * @param caller the caller whose call failed last
   * @param borrower the borrower to whom the caller's turns at the target are counted; empty if the
   *     target counts no turns
   * @param forAll whether the target is skipped for everybody, because calls of several borrowers
   *     failed
   * @param end the end of the cooldown, in nanoseconds of the clock
   * @param next the length of the next cooldown, if the target fails again
   */
  private record Cooldown(
      CooldownKey key,
      Handle caller,
      Optional<UUID> borrower,
      boolean forAll,
      long end,
      Duration next) {
    boolean isFor(Handle other) {
      return forAll || caller.equals(other);
    }

    /**
     * Whether the recorded call and a failed call by the given caller were made by different
     * people.
     */
    boolean isOfOther(Handle other, Optional<UUID> of) {
      return !caller.equals(other) && (of.isEmpty() || !of.equals(borrower));
    }
  }

  private final Map<CooldownTarget, Cooldown> resting = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;

  TargetCooldowns(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  public static TargetCooldowns ofThisProcess() {
    return new TargetCooldowns(System::nanoTime);
  }

  /**
   * Records that a target has failed. The target's cooldown begins.
   *
   * @param caller the caller of the failed call
   * @param borrower the borrower to whom the caller's turns are counted; a person and their service
   *     accounts are one borrower. Empty if the call takes no turns
   * @param asked the duration for which the provider asks not to be called
   */
  void recordFailure(
      CooldownTarget target,
      CooldownKey key,
      Handle caller,
      Optional<UUID> borrower,
      Optional<Duration> asked) {
    if (resting.size() >= MOST && !resting.containsKey(target)) {
      forgetEnded();
      if (resting.size() >= MOST) {
        return;
      }
    }
    long now = nanoTime.getAsLong();
    resting.compute(
        target,
        (t, earlier) -> {
          Cooldown before = earlier == null || !earlier.key().equals(key) ? null : earlier;
          Duration usual = before == null || !before.isFor(caller) ? FIRST : before.next();
          boolean forAll =
              before != null
                  && before.end() - now > 0
                  && (before.forAll() || before.isOfOther(caller, borrower));
          Duration rest = asked.map(d -> shorter(d, RetryAfter.LONGEST)).orElse(usual);
          Duration next = asked.isPresent() ? usual : shorter(usual.multipliedBy(2), LONGEST);
          return new Cooldown(key, caller, borrower, forAll, now + rest.toNanos(), next);
        });
  }

  /** Records that a target has succeeded. The target's cooldown ends. */
  void recordSuccess(CooldownTarget target) {
    if (!resting.isEmpty()) {
      resting.remove(target);
    }
  }

  /**
   * Returns how many nanoseconds of a target's cooldown remain for a caller; 0 if the target need
   * not be skipped.
   *
   * @param inUse a function that returns the key for a call to the target. Without a key, the
   *     target has no cooldown
   */
  long remaining(
      Instance.Id service, String model, Handle caller, Supplier<Optional<CooldownKey>> inUse) {
    if (resting.isEmpty()) {
      return 0;
    }
    Cooldown own = active(new CooldownTarget(service, model, Optional.of(caller)));
    Cooldown shared = active(new CooldownTarget(service, model, Optional.empty()));
    if (own == null && shared == null) {
      return 0;
    }
    Optional<CooldownKey> key = inUse.get();
    return Math.max(remaining(own, key, caller), remaining(shared, key, caller));
  }

  private @Nullable Cooldown active(CooldownTarget target) {
    Cooldown rest = resting.get(target);
    return rest == null || rest.end() - nanoTime.getAsLong() <= 0 ? null : rest;
  }

  private long remaining(@Nullable Cooldown rest, Optional<CooldownKey> key, Handle caller) {
    return rest != null && rest.isFor(caller) && key.isPresent() && rest.key().equals(key.get())
        ? Math.max(1, rest.end() - nanoTime.getAsLong())
        : 0;
  }

  /**
   * Forgets cooldowns that ended long ago, because they no longer say anything about the target.
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
