package io.claviger.application.gateway;

import io.claviger.application.gateway.RateLimiter.PermitDecision;
import io.claviger.application.gateway.port.PermitLeases;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.shared.SubjectFailures;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The permits for requests that this node has leased in batches for a subject of rate limits, such
 * as a token.
 */
final class LeasedQuota {
  /**
   * The time for which a batch of permits may be used. A batch's permits count toward the rate
   * limit for this time plus one minute.
   */
  static final Duration LIFETIME = Duration.ofSeconds(2);

  /** The maximum time that a caller has to wait for a permit. */
  static final Duration WINDOW = Duration.ofSeconds(60);

  private static final int BATCHES_A_MINUTE = 30;

  /**
   * A batch of permits that is in use is replaced this long before its end, so that no request has
   * to wait for the next batch.
   */
  static final Duration AHEAD = Duration.ofMillis(600);

  /**
   * A batch of permits has at most this many times the number of permits that were used before. The
   * factor lets busy callers soon get large batches, but not callers with only two requests.
   */
  private static final long MOST_GROWTH = 16;

  /**
   * The divisor for the size of a first batch. The first batch may contain the permits of a minute
   * divided by this number, even if other nodes need permits too. So callers with high rates need
   * not wait until batches have grown from a single permit.
   */
  private static final int FIRST_BATCHES_A_MINUTE = 2_000;

  /**
   * If at least this many of a batch's permits were used, the batch counts as in use, and is
   * replaced before its end.
   */
  private static final int IN_USE = 10;

  /**
   * The maximum number of batches of permits that wait to be given back. More waiting batches would
   * hardly ever be useful, because batches count only for a minute.
   */
  private static final int MOST_OWED = 8;

  private final String subject;
  private final PermitLeases leases;
  private final LongSupplier nanos;
  private final ReentrantLock leasing = new ReentrantLock();
  private final Deque<PermitLeases.EndedPermitLease> owed = new ArrayDeque<>(1);
  private long lease;
  private PermitDecision ofLease = PermitDecision.TAKEN;
  private int granted;
  private int left;
  private boolean accounted = true;
  private boolean swept;
  private long ends;
  private long exhaustedUntil;
  private int exhaustedRate;
  private int lastUsed;
  private int rate;
  private long restsUntil;

  LeasedQuota(String subject, PermitLeases leases, LongSupplier nanos) {
    this.subject = subject;
    this.leases = leases;
    this.nanos = nanos;
    this.ends = nanos.getAsLong();
    this.exhaustedUntil = ends;
    this.restsUntil = ends;
  }

  synchronized PermitDecision takeAtOnce(int perMinute) {
    rate = perMinute;
    long now = nanos.getAsLong();
    if (left > 0 && now - ends < 0) {
      left--;
      return ofLease;
    }
    return isExhausted(perMinute, now) ? exhausted(now) : PermitDecision.UNKNOWN;
  }

  /**
   * Whether this node knows that the given rate limit is used up. If a rate limit is used up, a
   * higher rate limit might still have permits.
   */
  private boolean isExhausted(int perMinute, long now) {
    return now - exhaustedUntil < 0 && perMinute <= exhaustedRate;
  }

  /** Returns the number of leased permits that have not been used or given back. */
  synchronized int unused() {
    return accounted ? 0 : left;
  }

  synchronized PermitDecision peek(int perMinute) {
    long now = nanos.getAsLong();
    boolean hasSome = left > 0 && now - ends < 0;
    return !hasSome && isExhausted(perMinute, now) ? exhausted(now) : PermitDecision.UNKNOWN;
  }

  /**
   * @return the decision; empty if this quota was swept after the caller looked it up, because it
   *     was idle; the caller must then look up the subject's new quota
   */
  synchronized Optional<PermitDecision> takeUnlessSwept(int perMinute) {
    return swept ? Optional.empty() : Optional.of(takeAtOnce(perMinute));
  }

  /**
   * Leases more permits if needed. Only one request at a time leases permits. Other requests wait
   * for this lease, and then use its permits. The result is empty if this quota was swept after the
   * caller looked it up, because it was idle. The caller must then look up the subject's new quota.
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

  /**
   * Leases permits. While this method waits for the database, it does not hold the monitor, because
   * event loops need the monitor to read the state.
   */
  private PermitDecision lease(int perMinute) {
    int wanted = wanted(perMinute);
    unaccounted().ifPresent(this::owe);
    giveBackOwed();
    long began = nanos.getAsLong();
    return begin(leases.lease(subject, perMinute, wanted, LIFETIME), began, perMinute);
  }

  private synchronized PermitDecision begin(PermitLeases.Lease got, long began, int perMinute) {
    hold(got, began);
    if (got.granted() == 0) {
      long now = nanos.getAsLong();
      exhaustedUntil = now + got.retryAfter().toNanos();
      exhaustedRate = perMinute;
      return exhausted(now);
    }
    left--;
    return ofLease;
  }

  private void hold(PermitLeases.Lease got, long began) {
    lastUsed = granted - left;
    accounted = got.granted() == 0;
    lease = got.id();
    ofLease = new PermitDecision.Taken(() -> putBack(got.id()));
    granted = got.granted();
    left = got.granted();
    ends = began + LIFETIME.toNanos();
  }

  /**
   * Leases the next batch if the current batch will soon end or be used up. If the database answers
   * but the lease fails, the periodic task that calls this method leaves this subject out for
   * {@link SubjectFailures#REST}.
   */
  void renewWhereDue() {
    if (isDue() && !isResting() && leasing.tryLock()) {
      try {
        SubjectFailures.orRest(
            () -> {
              renew();
              giveBackOwed();
            },
            this::rest);
      } finally {
        leasing.unlock();
      }
    }
  }

  private synchronized boolean isResting() {
    return nanos.getAsLong() - restsUntil < 0;
  }

  private synchronized void rest() {
    restsUntil = nanos.getAsLong() + SubjectFailures.REST.toNanos();
  }

  private synchronized boolean isDue() {
    long rest = ends - nanos.getAsLong();
    boolean inUse = rest > 0 && granted - left >= IN_USE;
    return inUse && (rest < AHEAD.toNanos() || left < granted / 4);
  }

  /**
   * Replaces the batch of permits. The old batch stays in use until the new batch has been leased.
   */
  private void renew() {
    long began = nanos.getAsLong();
    int perMinute = rate();
    PermitLeases.Lease got = leases.lease(subject, perMinute, wanted(perMinute), LIFETIME);
    if (got.granted() > 0) {
      replacedBy(got, began);
    }
  }

  private synchronized void replacedBy(PermitLeases.Lease got, long began) {
    unaccounted().ifPresent(this::owe);
    hold(got, began);
  }

  /**
   * Gives back the unused permits of batches that have ended, including batches whose permits could
   * not be given back earlier. If the database answers but the return fails, the periodic task that
   * calls this method leaves this subject out for {@link SubjectFailures#REST}.
   *
   * @throws StoreUnavailable when the database does not answer; the permits are then given back
   *     later
   */
  void giveBackEnded() {
    over().ifPresent(this::owe);
    if (!isResting()) {
      SubjectFailures.orRest(this::giveBackOwed, this::rest);
    }
  }

  private void giveBackOwed() {
    for (Optional<PermitLeases.EndedPermitLease> one = takeOwed();
        one.isPresent();
        one = takeOwed()) {
      try {
        leases.giveBack(one.get());
      } catch (RuntimeException e) {
        owe(one.get());
        throw e;
      }
    }
  }

  /** Remembers a batch of permits until the database knows that the batch has ended. */
  private synchronized void owe(PermitLeases.EndedPermitLease batch) {
    if (owed.size() == MOST_OWED) {
      owed.removeFirst();
    }
    owed.addLast(batch);
  }

  private synchronized Optional<PermitLeases.EndedPermitLease> takeOwed() {
    return Optional.ofNullable(owed.pollFirst());
  }

  private synchronized int rate() {
    return rate;
  }

  /**
   * Gives a permit back to the batch from which it was taken. Does nothing if another batch has
   * replaced that batch, because the permit was then reported as used, and the other batch must not
   * allow more requests than it has permits.
   */
  private synchronized void putBack(long from) {
    if (lease == from && left < granted) {
      left++;
    }
  }

  synchronized void forget() {
    accounted = true;
    granted = 0;
    left = 0;
    exhaustedUntil = nanos.getAsLong();
    restsUntil = exhaustedUntil;
    owed.clear();
  }

  /**
   * Returns the use of the batch if the batch has ended and its use was not reported yet. Marks the
   * use as reported.
   */
  private synchronized Optional<PermitLeases.EndedPermitLease> over() {
    return nanos.getAsLong() - ends < 0 ? Optional.empty() : unaccounted();
  }

  /**
   * Marks this quota as swept if it is idle and no request is about to lease permits for it.
   * Requests must not use a swept quota, because nobody would report the permits that they lease
   * through this object.
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
    return accounted
        && owed.isEmpty()
        && now - ends > LIFETIME.toNanos()
        && now - exhaustedUntil > 0;
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
   * Returns the size of the next batch. The size depends on how many of the last batch's permits
   * were used, or would have been used in that batch's whole lifetime. A batch is never smaller
   * than a first batch.
   */
  private synchronized int wanted(int perMinute) {
    int batch = Math.max(1, perMinute / BATCHES_A_MINUTE);
    int first = Math.max(1, perMinute / FIRST_BATCHES_A_MINUTE);
    long used = (long) granted - left;
    long wanted =
        Math.max(2 * Math.max(lastUsed, used), Math.min(MOST_GROWTH * used, atPace(used)));
    return (int) Math.min(batch, Math.max(first, wanted));
  }

  /** Returns how many permits would be used during a whole batch's lifetime at the current pace. */
  private long atPace(long used) {
    long age = LIFETIME.toNanos() - (ends - nanos.getAsLong());
    return used * LIFETIME.toNanos() / Math.max(1_000_000, age);
  }

  private PermitDecision exhausted(long now) {
    long wait = Math.clamp(exhaustedUntil - now, 1, WINDOW.toNanos());
    return new PermitDecision.Exhausted(Duration.ofNanos(wait), rate);
  }
}
