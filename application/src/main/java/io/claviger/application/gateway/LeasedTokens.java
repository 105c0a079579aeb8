package io.claviger.application.gateway;

import io.claviger.application.gateway.PaceLimiter.LeaseDecision;
import io.claviger.application.gateway.PaceLimiter.SubjectLease;
import io.claviger.application.gateway.PaceLimiter.TakenPart;
import io.claviger.application.gateway.port.PaceLeases;
import io.claviger.application.gateway.port.PaceLeases.TokenLease;
import io.claviger.application.gateway.port.PaceLeases.UsedTokens;
import io.claviger.application.shared.SubjectFailures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The tokens per minute that this node has leased for a subject of limits. The tokens are leased in
 * portions. A call reserves its expected use from a portion. If a call uses less than it reserved,
 * the unused tokens are returned to their portion. If the portion has ended, the tokens are
 * returned to the database. If a call uses more than it reserved, the excess is taken from the
 * current portion. The part of the excess that the portion can't cover is recorded as debt.
 */
final class LeasedTokens implements SubjectLease {
  /**
   * The time for which a portion may be used. A portion's tokens count toward the limit for this
   * time plus one minute.
   */
  static final Duration LIFETIME = Duration.ofSeconds(2);

  /**
   * The time for which a refusal is repeated without querying the database. After this time, calls
   * on other nodes might have returned tokens, so the database is queried again.
   */
  static final Duration BELIEVED = Duration.ofMillis(500);

  private static final Duration WINDOW = Duration.ofSeconds(60);
  private static final int PORTIONS_A_MINUTE = 30;

  /**
   * The maximum number of ended portions that wait to be returned. Beyond this number, the oldest
   * portions are dropped, and their tokens are not returned.
   */
  private static final int MOST_UNREPORTED = 1_000;

  private final String subject;
  private final PaceLeases leases;
  private final LongSupplier nanos;
  private final ReentrantLock leasing = new ReentrantLock();
  private final LinkedHashSet<Portion> unreported = new LinkedHashSet<>();
  private @Nullable Portion current;
  private long perMinute;
  private long lastUsed;
  private long owed;
  private int pins;
  private int server;
  private long refusedAt;
  private long refusedUntil;
  private long refusedTokens;
  private long refusedPerMinute;
  private long restsUntil;

  LeasedTokens(String subject, PaceLeases leases, LongSupplier nanos) {
    this.subject = subject;
    this.leases = leases;
    this.nanos = nanos;
    this.refusedAt = nanos.getAsLong() - BELIEVED.toNanos();
    this.refusedUntil = refusedAt;
    this.restsUntil = nanos.getAsLong();
  }

  /** A lease of tokens, with the numbers of tokens that calls have reserved and used. */
  private static final class Portion {
    private final long lease;
    private final long granted;
    private final long ends;
    private final int server;
    private long used;

    Portion(TokenLease got, long ends, int server) {
      this.lease = got.id();
      this.granted = got.granted();
      this.ends = ends;
      this.server = server;
    }

    long left() {
      return granted - used;
    }
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
  public synchronized LeaseDecision takeAtOnce(long limit, long tokens) {
    perMinute = limit;
    long now = nanos.getAsLong();
    if (current != null && now - current.ends < 0 && current.left() >= tokens) {
      return new LeaseDecision.Taken(reserve(current, tokens));
    }
    boolean isRefused =
        now - refusedAt < BELIEVED.toNanos()
            && now - refusedUntil < 0
            && tokens >= refusedTokens
            && limit <= refusedPerMinute;
    return isRefused ? refused(now) : LeaseDecision.UNDECIDED;
  }

  private TakenPart reserve(Portion portion, long tokens) {
    portion.used += tokens;
    return used -> settle(portion, tokens, used);
  }

  private LeaseDecision refused(long now) {
    return new LeaseDecision.Refused(
        Duration.ofNanos(Math.clamp(refusedUntil - now, 1, WINDOW.toNanos())));
  }

  @Override
  public LeaseDecision take(long limit, long tokens) {
    leasing.lock();
    try {
      LeaseDecision atOnce = takeAtOnce(limit, tokens);
      return atOnce instanceof LeaseDecision.Undecided ? lease(limit, tokens) : atOnce;
    } finally {
      leasing.unlock();
    }
  }

  /**
   * Leases a portion. While this method waits for the database, it does not hold the monitor,
   * because event loops need the monitor to read the state.
   */
  private LeaseDecision lease(long limit, long tokens) {
    long wanted = wanted(limit, tokens);
    report();
    long began = nanos.getAsLong();
    int asked = server();
    return begin(
        leases.leaseTokens(subject, limit, tokens, wanted, LIFETIME), began, asked, limit, tokens);
  }

  private synchronized int server() {
    return server;
  }

  private synchronized LeaseDecision begin(
      TokenLease got, long began, int asked, long limit, long tokens) {
    if (got.granted() < tokens) {
      refusedAt = nanos.getAsLong();
      refusedUntil = refusedAt + got.retryAfter().toNanos();
      refusedTokens = tokens;
      refusedPerMinute = limit;
      return refused(refusedAt);
    }
    Portion begun = new Portion(got, began + LIFETIME.toNanos(), asked);
    current = begun;
    return new LeaseDecision.Taken(reserve(begun, tokens));
  }

  /**
   * Ends the current portion and returns the size of the next portion. The size is at least the
   * number of tokens that the call needs. For further calls, the size can be twice what was used of
   * the current portion or of the portion before, whichever is more, but at most a thirtieth of the
   * limit per minute.
   */
  private synchronized long wanted(long limit, long tokens) {
    long used = current == null ? 0 : current.used;
    long usual = 2 * Math.max(lastUsed, used);
    lastUsed = used;
    end();
    return Math.max(tokens, Math.min(limit / PORTIONS_A_MINUTE, usual));
  }

  private void end() {
    if (current != null && current.left() > 0) {
      note(current);
    }
    current = null;
  }

  private void note(Portion portion) {
    if (unreported.add(portion) && unreported.size() > MOST_UNREPORTED) {
      Portion unused = unreported.removeFirst();
    }
  }

  private synchronized void settle(Portion portion, long reserved, long used) {
    pins--;
    if (used > reserved) {
      charge(used - reserved);
    } else if (used < reserved) {
      giveBack(portion, reserved - used);
    }
  }

  private void charge(long more) {
    long now = nanos.getAsLong();
    long left = current == null || now - current.ends >= 0 ? 0 : current.left();
    long covered = Math.min(more, left);
    if (current != null) {
      current.used += covered;
    }
    owed += more - covered;
  }

  private void giveBack(Portion portion, long tokens) {
    long now = nanos.getAsLong();
    if (portion.server != server || now - portion.ends > WINDOW.toNanos()) {
      return;
    }
    portion.used -= tokens;
    refusedUntil = now;
    if (current == null || portion.lease != current.lease) {
      note(portion);
    }
  }

  /** Reports the unused tokens of ended portions, and the debt, to the database. */
  private void report() {
    List<Portion> ended = takeUnreported();
    if (!ended.isEmpty()) {
      try {
        leases.giveBack(used(ended));
      } catch (RuntimeException e) {
        noteAgain(ended);
        throw e;
      }
    }
    long debt = takeOwed();
    if (debt > 0) {
      try {
        leases.owe(subject, limit(), debt);
      } catch (RuntimeException e) {
        oweAgain(debt);
        throw e;
      }
    }
  }

  private synchronized List<Portion> takeUnreported() {
    long now = nanos.getAsLong();
    boolean unused = unreported.removeIf(each -> now - each.ends > WINDOW.toNanos());
    List<Portion> all = List.copyOf(unreported);
    unreported.clear();
    return all;
  }

  private synchronized List<UsedTokens> used(List<Portion> ended) {
    List<UsedTokens> all = new ArrayList<>(ended.size());
    for (Portion each : ended) {
      if (each.server == server) {
        all.add(new UsedTokens(subject, each.lease, each.used));
      }
    }
    return all;
  }

  private synchronized void noteAgain(List<Portion> ended) {
    ended.stream().filter(each -> each.server == server).forEach(this::note);
  }

  private synchronized long takeOwed() {
    long debt = owed;
    owed = 0;
    return debt;
  }

  /**
   * Keeps a debt that could not be reported. If the database has recorded the debt but its answer
   * was lost, the debt is reported again and paid twice.
   */
  private synchronized void oweAgain(long debt) {
    owed += debt;
  }

  private synchronized long limit() {
    return perMinute;
  }

  /**
   * Reports ended portions. If the database answers but the report fails, the next report is made
   * after the time {@link SubjectFailures#REST}.
   *
   * @return whether there is nothing left to do for this subject of limits, so that the subject can
   *     be removed from memory
   */
  boolean sweep() {
    if (!isResting() && leasing.tryLock()) {
      try {
        SubjectFailures.orRest(
            () -> {
              endIfOver();
              report();
            },
            this::rest);
      } finally {
        leasing.unlock();
      }
    }
    return isIdle();
  }

  private synchronized boolean isResting() {
    return nanos.getAsLong() - restsUntil < 0;
  }

  private synchronized void rest() {
    restsUntil = nanos.getAsLong() + SubjectFailures.REST.toNanos();
  }

  private synchronized void endIfOver() {
    if (current != null && nanos.getAsLong() - current.ends >= 0) {
      lastUsed = Math.max(lastUsed / 2, current.used);
      end();
    }
  }

  synchronized boolean isIdle() {
    return pins == 0
        && current == null
        && owed == 0
        && unreported.isEmpty()
        && nanos.getAsLong() - refusedUntil >= 0;
  }

  /**
   * Forgets all leases of tokens. The remaining tokens of the leases are neither used nor returned
   * to the database. The debt remains.
   */
  synchronized void forget() {
    server++;
    current = null;
    unreported.clear();
    refusedUntil = nanos.getAsLong();
    restsUntil = refusedUntil;
  }
}
