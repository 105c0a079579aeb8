package io.claviger.application.budgets;

import io.claviger.domain.accounts.User;
import io.claviger.domain.spending.ObservedUse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Remembers how much a model's recent calls used. The amounts are remembered separately for a few
 * callers. For all other callers, the amounts are computed from those of the remembered callers.
 * Thread-safe.
 */
public final class ModelObservation {
  /** The maximum number of remembered callers. Each remembered caller takes about 300 bytes. */
  static final int MOST_CALLERS = 32;

  /**
   * If a caller makes no calls for this time, the weight of the caller's observations is halved.
   */
  private static final Duration HALF_LIFE = Duration.ofMinutes(10);

  /**
   * If a caller makes no calls for this time, the caller is removed to make room for another
   * caller.
   */
  private static final Duration KEPT = Duration.ofMinutes(1);

  /**
   * The interval at which one of a caller's calls is sent as a probe. According to the observations
   * of earlier calls, such a call does not fit into the budget.
   */
  static final Duration PROBED_EVERY = Duration.ofSeconds(2);

  /** The interval at which the values for unknown callers are recomputed. */
  private static final Duration SUMMED_UP_EVERY = Duration.ofSeconds(1);

  private final Map<User.Id, OneCaller> callers = new HashMap<>();
  private ObservedUse ofOthers = ObservedUse.NONE;
  private long summedUpAt;

  /** The time of the next guess. All callers who are not remembered share this time. */
  private long nextProbeOfOthers;

  public ModelObservation(long now) {
    this.summedUpAt = now - SUMMED_UP_EVERY.toNanos();
    this.nextProbeOfOthers = now;
  }

  private static final class OneCaller {
    private ObservedUse use = ObservedUse.NONE;
    private long lastAt;
    private long nextProbe;

    OneCaller(long now) {
      this.lastAt = now;
      this.nextProbe = now;
    }

    ObservedUse at(long now) {
      double halves = (now - lastAt) / (double) HALF_LIFE.toNanos();
      return halves < 0.1 ? use : use.fadedTo(Math.pow(0.5, halves));
    }
  }

  public synchronized ObservedUse expected(User.Id caller, long now) {
    OneCaller known = callers.get(caller);
    ObservedUse own = known == null ? ObservedUse.NONE : known.at(now);
    return own.isKnown() ? own : ofOthers(now);
  }

  private ObservedUse ofOthers(long now) {
    if (now - summedUpAt >= SUMMED_UP_EVERY.toNanos()) {
      ofOthers = ObservedUse.ofOthers(callers.values().stream().map(one -> one.at(now)).toList());
      summedUpAt = now;
    }
    return ofOthers;
  }

  /**
   * Decides whether a call of this caller may be sent on a guess now. The observations might be
   * wrong, and only further calls can correct them. If the result is true, the next call may be
   * sent on a guess only after {@link #PROBED_EVERY}.
   */
  synchronized boolean takeProbe(User.Id caller, long now) {
    OneCaller one = callers.get(caller);
    if (now - (one == null ? nextProbeOfOthers : one.nextProbe) < 0) {
      return false;
    }
    long next = now + PROBED_EVERY.toNanos();
    OneCaller known = admitted(caller, now);
    if (known == null) {
      nextProbeOfOthers = next;
    } else {
      known.nextProbe = next;
    }
    return true;
  }

  /**
   * Undoes {@link #takeProbe} for a call that is not sent after all, for example because a rate
   * limit refuses it.
   *
   * @param takenAt the time that was given to {@link #takeProbe}
   */
  synchronized void returnProbe(User.Id caller, long takenAt) {
    long next = takenAt + PROBED_EVERY.toNanos();
    OneCaller one = callers.get(caller);
    if (one != null && one.nextProbe == next) {
      one.nextProbe = takenAt;
    } else if (one == null && nextProbeOfOthers == next) {
      nextProbeOfOthers = takenAt;
    }
  }

  /**
   * Adds a call.
   *
   * @param after the function that computes the new observations from the observations before the
   *     call
   */
  public synchronized void add(User.Id caller, UnaryOperator<ObservedUse> after, long now) {
    OneCaller one = admitted(caller, now);
    if (one != null) {
      one.use = after.apply(one.at(now));
      one.lastAt = now;
    }
  }

  /**
   * Returns the observations about a caller. If there are no observations yet, creates an empty
   * object for the caller. Null if there is no room for another caller. Callers who stopped calling
   * are removed to make room for other callers.
   */
  private @Nullable OneCaller admitted(User.Id caller, long now) {
    OneCaller known = callers.get(caller);
    if (known == null && callers.size() >= MOST_CALLERS) {
      callers.values().removeIf(one -> now - one.lastAt > KEPT.toNanos());
    }
    if (known == null && callers.size() < MOST_CALLERS) {
      known = new OneCaller(now);
      callers.put(caller, known);
    }
    return known;
  }
}
