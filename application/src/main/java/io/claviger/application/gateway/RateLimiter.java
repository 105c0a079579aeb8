package io.claviger.application.gateway;

import io.claviger.application.gateway.port.PermitLeases;
import io.claviger.domain.policy.CallLimits.Meter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The permits for requests that this node has. They are leased for a moment and in portions: small
 * enough that other nodes find some, large enough that few requests have to ask.
 */
public final class RateLimiter {
  /** How long a portion may be used. It counts for that much longer than a minute. */
  static final Duration LIFETIME = Duration.ofSeconds(2);

  /** Nobody has to wait longer than that for a permit. */
  private static final Duration WINDOW = Duration.ofSeconds(60);

  private static final int PORTIONS_A_MINUTE = 30;

  /**
   * How long before its end a portion in use is replaced, so that no request waits for the next.
   */
  static final Duration AHEAD = Duration.ofMillis(600);

  /** So that who begins at full speed soon has whole portions, and who made two calls has not. */
  private static final long MOST_GROWTH = 16;

  /**
   * So many subjects at a time, of some 500 bytes each; they go a few seconds after their use.
   * Beyond them each request asks for a permit of its own.
   */
  static final int MOST_SUBJECTS = 50_000;

  /** Of a portion, so that it counts as in use: for fewer calls than that it is not worth it. */
  private static final int IN_USE = 10;

  private final PermitLeases leases;
  private final LongSupplier nanos;
  private final int most;
  private final Map<String, LeasedQuota> purses = new ConcurrentHashMap<>();

  /**
   * @param nanos a clock that only goes forward, in nanoseconds
   */
  public RateLimiter(PermitLeases leases, LongSupplier nanos) {
    this(leases, nanos, MOST_SUBJECTS);
  }

  RateLimiter(PermitLeases leases, LongSupplier nanos, int most) {
    this.leases = leases;
    this.nanos = nanos;
    this.most = most;
  }

  /** Whether a request may be made now. */
  sealed interface PermitDecision {
    /** It may, and is counted. */
    record Taken() implements PermitDecision {}

    /**
     * @param perMinute the rate that is used up
     */
    record Exhausted(Duration retryAfter, int perMinute) implements PermitDecision {}

    /** Only the database knows. */
    record Unknown() implements PermitDecision {}
  }

  private static final PermitDecision TAKEN = new PermitDecision.Taken();
  private static final PermitDecision UNKNOWN = new PermitDecision.Unknown();

  /** Takes a permit of each meter or of none, from what this node has; never blocks. */
  PermitDecision takeAtOnce(List<Meter> meters) {
    return take(meters, false);
  }

  /** Takes a permit of each meter or of none, leasing more where this node has none. */
  PermitDecision take(List<Meter> meters) {
    return take(meters, true);
  }

  /**
   * Takes nothing and never blocks.
   *
   * @return {@link PermitDecision.Exhausted} where this node knows that no permit would be given
   *     now, else {@link PermitDecision.Taken}
   */
  PermitDecision peek(List<Meter> meters) {
    for (Meter meter : meters) {
      LeasedQuota purse = purses.get(meter.subject());
      PermitDecision answer = purse == null ? UNKNOWN : purse.peek();
      if (answer instanceof PermitDecision.Exhausted) {
        return answer;
      }
    }
    return TAKEN;
  }

  /**
   * How many requests are left, of the meter that has the fewest. Takes none; asks the database.
   *
   * @return empty when there is no meter
   */
  OptionalInt left(List<Meter> meters) {
    return meters.stream().mapToInt(this::left).min();
  }

  private int left(Meter meter) {
    LeasedQuota purse = purses.get(meter.subject());
    int unused = purse == null ? 0 : purse.unused();
    int counted = leases.counted(meter.subject());
    return Math.clamp((long) meter.perMinute() - counted + unused, 0, meter.perMinute());
  }

  private PermitDecision take(List<Meter> meters, boolean leasing) {
    List<LeasedQuota> taken = new ArrayList<>(meters.size());
    for (Meter meter : meters) {
      LeasedQuota purse;
      Optional<PermitDecision> answer;
      do {
        purse = purse(meter.subject());
        answer = leasing ? purse.take(meter.perMinute()) : purse.takeUnlessSwept(meter.perMinute());
      } while (answer.isEmpty());
      if (!(answer.get() instanceof PermitDecision.Taken)) {
        taken.forEach(LeasedQuota::putBack);
        return answer.get();
      }
      taken.add(purse);
    }
    return TAKEN;
  }

  /** The subject's, or one for this request alone where there are too many. */
  private LeasedQuota purse(String subject) {
    LeasedQuota known = purses.get(subject);
    if (known != null) {
      return known;
    }
    return purses.size() < most
        ? purses.computeIfAbsent(subject, LeasedQuota::new)
        : new LeasedQuota(subject);
  }

  /** How many subjects are remembered. */
  int subjects() {
    return purses.size();
  }

  /**
   * Leases on where a portion is in use and soon over or used up; called several times within
   * {@link #AHEAD}.
   *
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer
   */
  public void renew() {
    purses.values().forEach(LeasedQuota::renewWhereDue);
  }

  /** Gives back what was leased and not used in time; called now and then. */
  public void sweep() {
    Iterator<LeasedQuota> each = purses.values().iterator();
    while (each.hasNext()) {
      LeasedQuota purse = each.next();
      Optional<PermitLeases.Used> over = purse.over();
      over.ifPresent(leases::giveBack);
      if (purse.sweptAway()) {
        each.remove();
      }
    }
  }

  /** The permits of one subject. */
  private final class LeasedQuota {
    private final String subject;
    private final ReentrantLock leasing = new ReentrantLock();
    private long lease;
    private int granted;
    private int left;
    private boolean accounted = true;
    private boolean swept;
    private long ends;
    private long exhaustedUntil;
    private int lastUsed;
    private int rate;

    LeasedQuota(String subject) {
      this.subject = subject;
      this.ends = nanos.getAsLong();
      this.exhaustedUntil = ends;
    }

    synchronized PermitDecision takeAtOnce(int perMinute) {
      rate = perMinute;
      long now = nanos.getAsLong();
      if (left > 0 && now - ends < 0) {
        left--;
        return TAKEN;
      }
      return now - exhaustedUntil < 0 ? exhausted(now) : UNKNOWN;
    }

    /** What is leased, not used and not returned yet. */
    synchronized int unused() {
      return accounted ? 0 : left;
    }

    synchronized PermitDecision peek() {
      long now = nanos.getAsLong();
      boolean hasSome = left > 0 && now - ends < 0;
      return !hasSome && now - exhaustedUntil < 0 ? exhausted(now) : UNKNOWN;
    }

    /**
     * @return empty when this was swept away since it was looked up: another has to be got
     */
    synchronized Optional<PermitDecision> takeUnlessSwept(int perMinute) {
      return swept ? Optional.empty() : Optional.of(takeAtOnce(perMinute));
    }

    /**
     * One request at a time asks for more; those behind it find what it brought.
     *
     * @return as above
     */
    Optional<PermitDecision> take(int perMinute) {
      leasing.lock();
      try {
        Optional<PermitDecision> atOnce = takeUnlessSwept(perMinute);
        return atOnce.filter(PermitDecision.Unknown.class::isInstance).isPresent()
            ? Optional.of(lease(perMinute))
            : atOnce;
      } finally {
        leasing.unlock();
      }
    }

    /** Does not hold the state while it waits: event loops look at that. */
    private PermitDecision lease(int perMinute) {
      int wanted = wanted(perMinute);
      Optional<PermitLeases.Used> back = unaccounted();
      long began = nanos.getAsLong();
      PermitLeases.Lease got = leases.lease(subject, perMinute, wanted, LIFETIME, back);
      return begin(got, began);
    }

    private synchronized PermitDecision begin(PermitLeases.Lease got, long began) {
      hold(got, began);
      if (got.granted() == 0) {
        long now = nanos.getAsLong();
        exhaustedUntil = now + got.retryAfter().toNanos();
        return exhausted(now);
      }
      left--;
      return TAKEN;
    }

    private void hold(PermitLeases.Lease got, long began) {
      lastUsed = granted - left;
      accounted = got.granted() == 0;
      lease = got.id();
      granted = got.granted();
      left = got.granted();
      ends = began + LIFETIME.toNanos();
    }

    void renewWhereDue() {
      if (isDue() && leasing.tryLock()) {
        try {
          renew().ifPresent(leases::giveBack);
        } finally {
          leasing.unlock();
        }
      }
    }

    private synchronized boolean isDue() {
      long rest = ends - nanos.getAsLong();
      boolean inUse = rest > 0 && granted - left >= IN_USE;
      return inUse && (rest < AHEAD.toNanos() || left < granted / 4);
    }

    /** The old portion goes on until the new one is there; what comes back of it is to be told. */
    private Optional<PermitLeases.Used> renew() {
      long began = nanos.getAsLong();
      int perMinute = rate();
      PermitLeases.Lease got =
          leases.lease(subject, perMinute, wanted(perMinute), LIFETIME, Optional.empty());
      return got.granted() == 0 ? Optional.empty() : replacedBy(got, began);
    }

    private synchronized Optional<PermitLeases.Used> replacedBy(
        PermitLeases.Lease got, long began) {
      Optional<PermitLeases.Used> before = unaccounted();
      hold(got, began);
      return before;
    }

    private synchronized int rate() {
      return rate;
    }

    synchronized void putBack() {
      if (left < granted) {
        left++;
      }
    }

    /** What is over and not told yet; counts as told from here on. */
    synchronized Optional<PermitLeases.Used> over() {
      return nanos.getAsLong() - ends < 0 ? Optional.empty() : unaccounted();
    }

    /**
     * Whether it is idle, and no request about to lease into it. From then on nothing is taken from
     * it: what was leased into it would be told to nobody.
     */
    boolean sweptAway() {
      if (!leasing.tryLock()) {
        return false;
      }
      try {
        return sweptIfIdle();
      } finally {
        leasing.unlock();
      }
    }

    private synchronized boolean sweptIfIdle() {
      swept = isIdle();
      return swept;
    }

    private boolean isIdle() {
      long now = nanos.getAsLong();
      return accounted && now - ends > LIFETIME.toNanos() && now - exhaustedUntil > 0;
    }

    private synchronized Optional<PermitLeases.Used> unaccounted() {
      if (accounted) {
        return Optional.empty();
      }
      accounted = true;
      int used = granted - left;
      left = 0;
      granted = used;
      return Optional.of(new PermitLeases.Used(subject, lease, used));
    }

    /** A portion, but no more than twice of what the last one was good for, or would have been. */
    private synchronized int wanted(int perMinute) {
      int portion = Math.max(1, perMinute / PORTIONS_A_MINUTE);
      long used = (long) granted - left;
      long wanted =
          Math.max(2 * Math.max(lastUsed, used), Math.min(MOST_GROWTH * used, atPace(used)));
      return (int) Math.min(portion, Math.max(1, wanted));
    }

    /** What would be used in a whole lifetime, at the pace of the portion so far. */
    private long atPace(long used) {
      long age = LIFETIME.toNanos() - (ends - nanos.getAsLong());
      return used * LIFETIME.toNanos() / Math.max(1_000_000, age);
    }

    private PermitDecision exhausted(long now) {
      long wait = Math.clamp(exhaustedUntil - now, 1, WINDOW.toNanos());
      return new PermitDecision.Exhausted(Duration.ofNanos(wait), rate);
    }
  }
}
