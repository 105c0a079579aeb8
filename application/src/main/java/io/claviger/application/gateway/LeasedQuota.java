package io.claviger.application.gateway;

import io.claviger.application.gateway.RateLimiter.PermitDecision;
import io.claviger.application.gateway.port.PermitLeases;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** The permits that this node has leased for one subject. They come in batches. */
final class LeasedQuota {
  /** How long a batch may be used. It counts for a minute and this time. */
  static final Duration LIFETIME = Duration.ofSeconds(2);

  /** Nobody has to wait longer than that for a permit. */
  private static final Duration WINDOW = Duration.ofSeconds(60);

  private static final int BATCHES_A_MINUTE = 30;

  /**
   * How long before its end a batch in use is replaced, so that no request waits for the next one.
   */
  static final Duration AHEAD = Duration.ofMillis(600);

  /**
   * How much larger a batch may be than the use so far. Callers at full speed soon get whole
   * batches, and callers with two requests do not.
   */
  private static final long MOST_GROWTH = 16;

  /**
   * The part of a minute's permits that a first batch may hold, whoever else needs some. Callers
   * with high rates then do not wait for batches that grow from one permit.
   */
  private static final int FIRST_BATCHES_A_MINUTE = 2_000;

  /** From how many used permits on a batch is replaced in advance. For fewer it is not worth it. */
  private static final int IN_USE = 10;

  private final String subject;
  private final PermitLeases leases;
  private final LongSupplier nanos;
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

  /**
   * @param nanos a clock that only goes forward, in nanoseconds
   */
  LeasedQuota(String subject, PermitLeases leases, LongSupplier nanos) {
    this.subject = subject;
    this.leases = leases;
    this.nanos = nanos;
    this.ends = nanos.getAsLong();
    this.exhaustedUntil = ends;
  }

  synchronized PermitDecision takeAtOnce(int perMinute) {
    rate = perMinute;
    long now = nanos.getAsLong();
    if (left > 0 && now - ends < 0) {
      left--;
      return PermitDecision.TAKEN;
    }
    return now - exhaustedUntil < 0 ? exhausted(now) : PermitDecision.UNKNOWN;
  }

  /** What is leased, not used and not returned yet. */
  synchronized int unused() {
    return accounted ? 0 : left;
  }

  synchronized PermitDecision peek() {
    long now = nanos.getAsLong();
    boolean hasSome = left > 0 && now - ends < 0;
    return !hasSome && now - exhaustedUntil < 0 ? exhausted(now) : PermitDecision.UNKNOWN;
  }

  /**
   * @return empty when this quota was swept since it was looked up; the caller must look up another
   */
  synchronized Optional<PermitDecision> takeUnlessSwept(int perMinute) {
    return swept ? Optional.empty() : Optional.of(takeAtOnce(perMinute));
  }

  /**
   * Leases more permits if needed. One request at a time does so, and those that wait for it use
   * what it leased.
   *
   * @return empty when this quota was swept since it was looked up; the caller must look up another
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

  /** Does not hold the monitor while it waits, because event loops read the state. */
  private PermitDecision lease(int perMinute) {
    int wanted = wanted(perMinute);
    Optional<PermitLeases.EndedPermitLease> back = unaccounted();
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
    return PermitDecision.TAKEN;
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

  /**
   * Replaces the batch. The old one is used until the new one has been leased. Returns what was
   * used of the old one, which must be reported.
   */
  private Optional<PermitLeases.EndedPermitLease> renew() {
    long began = nanos.getAsLong();
    int perMinute = rate();
    PermitLeases.Lease got =
        leases.lease(subject, perMinute, wanted(perMinute), LIFETIME, Optional.empty());
    return got.granted() == 0 ? Optional.empty() : replacedBy(got, began);
  }

  private synchronized Optional<PermitLeases.EndedPermitLease> replacedBy(
      PermitLeases.Lease got, long began) {
    Optional<PermitLeases.EndedPermitLease> before = unaccounted();
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

  synchronized void forget() {
    accounted = true;
    granted = 0;
    left = 0;
    exhaustedUntil = nanos.getAsLong();
  }

  /**
   * Returns the use of a batch that has ended and was not reported yet. From then on it counts as
   * reported.
   */
  synchronized Optional<PermitLeases.EndedPermitLease> over() {
    return nanos.getAsLong() - ends < 0 ? Optional.empty() : unaccounted();
  }

  /**
   * Marks this quota as swept if it is idle and no request is about to lease for it. From then on
   * nothing is taken from it, because a lease for it would never be reported.
   */
  boolean sweep() {
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

  private synchronized Optional<PermitLeases.EndedPermitLease> unaccounted() {
    if (accounted) {
      return Optional.empty();
    }
    accounted = true;
    int used = granted - left;
    left = 0;
    granted = used;
    return Optional.of(new PermitLeases.EndedPermitLease(subject, lease, used));
  }

  /**
   * Returns the size of the next batch: at most twice what the last one was used for or would have
   * been, but never less than a first batch.
   */
  private synchronized int wanted(int perMinute) {
    int batch = Math.max(1, perMinute / BATCHES_A_MINUTE);
    int first = Math.max(1, perMinute / FIRST_BATCHES_A_MINUTE);
    long used = (long) granted - left;
    long wanted =
        Math.max(2 * Math.max(lastUsed, used), Math.min(MOST_GROWTH * used, atPace(used)));
    return (int) Math.min(batch, Math.max(first, wanted));
  }

  /** Returns how many permits a whole batch would use at the pace so far. */
  private long atPace(long used) {
    long age = LIFETIME.toNanos() - (ends - nanos.getAsLong());
    return used * LIFETIME.toNanos() / Math.max(1_000_000, age);
  }

  private PermitDecision exhausted(long now) {
    long wait = Math.clamp(exhaustedUntil - now, 1, WINDOW.toNanos());
    return new PermitDecision.Exhausted(Duration.ofNanos(wait), rate);
  }
}
