package io.claviger.application.gateway;

import io.claviger.application.gateway.PaceLimiter.LeaseDecision;
import io.claviger.application.gateway.PaceLimiter.SubjectLease;
import io.claviger.application.gateway.PaceLimiter.TakenPart;
import io.claviger.application.gateway.port.PaceLeases;
import io.claviger.application.gateway.port.PaceLeases.PlaceWish;
import io.claviger.application.shared.SubjectFailures;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The places that this node has leased for the concurrent calls of a subject of limits, such as a
 * token. The lease is renewed while calls run. If the node dies, the lease ends soon. Without a
 * lease, no new call begins, but running calls continue.
 */
final class LeasedPlaces implements SubjectLease {
  /** The time for which a lease is valid without a renewal. */
  static final Duration LIFETIME = Duration.ofSeconds(10);

  /**
   * The time for which a refusal is repeated without querying the database. After this time, calls
   * on other nodes might have ended, so the database is queried again.
   */
  static final Duration BELIEVED = Duration.ofMillis(200);

  /**
   * The time for which refused callers should wait before they try again. This time is a guess,
   * because nobody knows when a running call will end.
   */
  static final Duration RETRY = Duration.ofSeconds(1);

  private static final LeaseDecision REFUSED = new LeaseDecision.Refused(RETRY);

  /** The part of a lease's lifetime after which the lease is renewed. */
  private static final Duration RENEWED_AFTER = LIFETIME.dividedBy(3);

  private final String subject;
  private final UUID node;
  private final PaceLeases leases;
  private final LongSupplier nanos;
  private final ReentrantLock leasing = new ReentrantLock();
  private int held;
  private int running;
  private int peak;
  private int pins;
  private int server;
  private long most;
  private boolean asking;
  private long ends;
  private long refusedAt;
  private long refusedMost;
  private long restsUntil;

  /**
   * The greatest number of places that the database might count for this node. The number is larger
   * than {@link #held} if unused places could not be returned, or if the answer to a request for
   * places was lost.
   */
  private int counted;

  /**
   * The time at which the database stops counting these places even if this node does not return
   * them.
   */
  private long countedUntil;

  /** The number of places that the lease keeps in the current renewal. */
  private int renewing;

  LeasedPlaces(String subject, UUID node, PaceLeases leases, LongSupplier nanos) {
    this.subject = subject;
    this.node = node;
    this.leases = leases;
    this.nanos = nanos;
    this.ends = nanos.getAsLong();
    this.refusedAt = ends - BELIEVED.toNanos();
    this.restsUntil = ends;
    this.countedUntil = ends;
  }

  @Override
  public synchronized void pin() {
    pins++;
  }

  @Override
  public synchronized void unpin() {
    pins--;
  }

  @Override
  public synchronized LeaseDecision takeAtOnce(long limit, long onePlace) {
    long now = nanos.getAsLong();
    if (!asking && now - ends < 0 && running < Math.min(held, limit)) {
      return new LeaseDecision.Taken(begin());
    }
    return isRefused(limit, now) ? REFUSED : LeaseDecision.UNDECIDED;
  }

  /** Whether this node knows, without asking the database, that no further call may begin. */
  synchronized boolean isFull(long limit) {
    long now = nanos.getAsLong();
    return !(now - ends < 0 && running < held) && isRefused(limit, now);
  }

  private boolean isRefused(long limit, long now) {
    return now - refusedAt < BELIEVED.toNanos() && limit <= refusedMost;
  }

  private TakenPart begin() {
    running++;
    peak = Math.max(peak, running);
    return unusedTokens -> end();
  }

  private synchronized void end() {
    running--;
    pins--;
    refusedAt = nanos.getAsLong() - BELIEVED.toNanos();
  }

  @Override
  public LeaseDecision take(long limit, long onePlace) {
    leasing.lock();
    try {
      LeaseDecision atOnce = takeAtOnce(limit, onePlace);
      return atOnce instanceof LeaseDecision.Undecided ? askAndTake(limit) : atOnce;
    } finally {
      leasing.unlock();
    }
  }

  private LeaseDecision askAndTake(long limit) {
    ask(1, limit);
    return takeAnswered(limit);
  }

  private synchronized LeaseDecision takeAnswered(long limit) {
    long now = nanos.getAsLong();
    if (now - ends < 0 && running < Math.min(held, limit)) {
      return new LeaseDecision.Taken(begin());
    }
    refusedAt = now;
    refusedMost = limit;
    return REFUSED;
  }

  /**
   * Leases a place for each running call, plus further places. While this method waits for the
   * database, it does not hold the monitor, because event loops need the monitor to read the state.
   */
  private void ask(int more, long limit) {
    long began = nanos.getAsLong();
    PlaceWish wish = beginAsking(more, limit);
    int of = server();
    OptionalInt got = OptionalInt.empty();
    try {
      got = OptionalInt.of(leases.leasePlaces(wish, Math.toIntExact(limit), LIFETIME));
    } finally {
      endAsking(wish, got, began, of);
    }
  }

  /**
   * Returns the wish for places: how many places this node would like to have, and how many calls
   * are running. The caller must then send this wish to the database. Until the answer has arrived,
   * no call begins, because the wish states the number of running calls.
   */
  private synchronized PlaceWish beginAsking(int more, long limit) {
    asking = true;
    if (limit < most) {
      // The database might have made the lease smaller even if its answer did not arrive.
      held = Math.min(held, running);
    }
    most = limit;
    return new PlaceWish(subject, node, running, Math.max(running + more, peak));
  }

  private synchronized int server() {
    return server;
  }

  private synchronized void endAsking(PlaceWish wish, OptionalInt got, long began, int of) {
    asking = false;
    if (of != server) {
      return;
    }
    counted = got.orElse(Math.max(counted, wish.wanted()));
    countedUntil = nanos.getAsLong() + LIFETIME.toNanos();
    if (got.isPresent()) {
      held = counted;
      ends = began + LIFETIME.toNanos();
    }
  }

  /**
   * Makes the next renewal of the lease return all places that are unused at the time of the
   * renewal.
   */
  synchronized void keepOnlyRunning() {
    peak = running;
  }

  /**
   * If a renewal is due, begins to renew the lease. If this method returns a wish, the same thread
   * has to call {@link #renewed}. Until {@link #renewed} is called, no other thread renews the
   * lease.
   */
  Optional<PlaceWish> beginRenewal() {
    if (!leasing.tryLock()) {
      return Optional.empty();
    }
    Optional<PlaceWish> wish = Optional.empty();
    try {
      wish = due();
      return wish;
    } finally {
      if (wish.isEmpty()) {
        leasing.unlock();
      }
    }
  }

  /**
   * If a renewal is due, returns the wish for the renewal: how many places this node would like to
   * have. From now on, calls can't take unused places, because the database might take these places
   * back. A renewal is also due while the database might count more places than this node needs. So
   * a failed return of places is repeated until the lease has ended.
   */
  private synchronized Optional<PlaceWish> due() {
    long now = nanos.getAsLong();
    boolean lives = now - ends < 0;
    int wanted = Math.max(running, peak);
    peak = running;
    if (running == 0 && (!lives || held == 0)) {
      held = 0;
      wanted = 0;
      if (!isCounted(now)) {
        return Optional.empty();
      }
    }
    if (isResting(now)) {
      return Optional.empty();
    }
    boolean returns = isCounted(now) && wanted < counted;
    if (lives && !returns && ends - now > LIFETIME.minus(RENEWED_AFTER).toNanos()) {
      return Optional.empty();
    }
    held = Math.min(held, wanted);
    renewing = wanted;
    return Optional.of(new PlaceWish(subject, node, running, wanted));
  }

  private boolean isCounted(long now) {
    return counted > 0 && now - countedUntil < 0;
  }

  /**
   * Ends a renewal.
   *
   * @param isRenewed whether the lease was renewed; empty if the database did not answer
   * @param began the time at which the renewal began
   */
  void renewed(Optional<Boolean> isRenewed, long began) {
    isRenewed.ifPresentOrElse(lives -> extend(lives, began), this::keepCounted);
    leasing.unlock();
  }

  private synchronized void extend(boolean lives, long began) {
    if (lives) {
      ends = began + LIFETIME.toNanos();
      counted = Math.min(counted, renewing);
      countedUntil = nanos.getAsLong() + LIFETIME.toNanos();
    } else {
      held = 0;
      ends = nanos.getAsLong();
      counted = 0;
    }
  }

  /**
   * Continues to count the places that the database might still count. The answer of the database
   * did not arrive, but the database might nevertheless have renewed the lease.
   */
  private synchronized void keepCounted() {
    if (renewing > 0) {
      countedUntil = nanos.getAsLong() + LIFETIME.toNanos();
    }
  }

  /** Leases places again for running calls whose lease has ended. */
  void leaseAgain() {
    leasing.lock();
    try {
      SubjectFailures.orRest(() -> lost().ifPresent(limit -> ask(0, limit)), this::rest);
    } finally {
      leasing.unlock();
    }
  }

  private synchronized OptionalLong lost() {
    long now = nanos.getAsLong();
    boolean isLost = running > 0 && now - ends >= 0 && !isResting(now);
    return isLost ? OptionalLong.of(most) : OptionalLong.empty();
  }

  /**
   * After a failed renewal, prevents further renewals until the time {@link SubjectFailures#REST}
   * has passed.
   */
  synchronized void rest() {
    restsUntil = nanos.getAsLong() + SubjectFailures.REST.toNanos();
  }

  private boolean isResting(long now) {
    return now - restsUntil < 0;
  }

  /**
   * Whether there is nothing left to do for this subject of limits, so that the subject can be
   * removed from memory.
   */
  synchronized boolean isIdle() {
    long now = nanos.getAsLong();
    return pins == 0 && running == 0 && (held == 0 || now - ends >= 0) && !isCounted(now);
  }

  /** Ends the current lease, so that further calls can't use it. */
  synchronized void forget() {
    server++;
    held = 0;
    counted = 0;
    ends = nanos.getAsLong();
    restsUntil = ends;
  }
}
