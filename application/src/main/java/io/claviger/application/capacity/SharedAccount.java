package io.claviger.application.capacity;

import io.claviger.application.capacity.CapacityTurns.TurnRefusal;
import io.claviger.application.capacity.CapacityTurns.TurnRefusal.Reason;
import io.claviger.application.capacity.port.CapacityExchange.Account;
import io.claviger.application.capacity.port.CapacityExchange.AccountStatement;
import io.claviger.application.capacity.port.CapacityExchange.CallCounts;
import io.claviger.domain.fairness.CapacityAccount;
import io.claviger.domain.fairness.CapacityGrant;
import io.claviger.domain.fairness.CapacityQueue;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.fairness.LimitStatement;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.fairness.PaceLimits;
import io.claviger.domain.fairness.PaceRefusal;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.fairness.ProviderLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * This node's part of an account. No thread holds this object's lock while it queries the database
 * or notifies a call. Times are milliseconds of the node's monotonic clock.
 *
 * <p>To the database, each object looks like a separate node. So nothing is counted twice if a new
 * object is made while an old object of the same account is being removed.
 */
final class SharedAccount {
  /** If an exchange is this late, calls are refused, because the database does not answer. */
  private static final long LATE_MILLIS = 2_000;

  /**
   * If an exchange takes longer than this time and then fails, the node might have hung, and the
   * database might have ended the node's session.
   */
  private static final long HUNG_MILLIS = 1_000;

  /**
   * The time for which a limit that was learned from answers is treated as certain. After this
   * time, a call that is larger than the limit is sent to test the limit.
   */
  private static final long CERTAIN_MILLIS = 60_000;

  private final Account account;
  private final UUID owner;
  private final Exchanges exchanges;
  private final CapacityQueue<CapacityTurn> queue;
  private final Map<UUID, CallCounts> counts = new HashMap<>();
  private final Set<CapacityTurn> waiting = new LinkedHashSet<>();
  private ProviderLimits limits = ProviderLimits.NONE;
  private boolean isInUse;
  private boolean failed;
  private boolean areLimitsNew;
  private long dueAt;

  /**
   * The time of the next regular exchange. There is a regular exchange every second. Earlier urgent
   * exchanges do not change this time.
   */
  private long usuallyAt;

  private long exchangedAt;
  private long restsUntil;
  private long goodUntil;
  private long taughtAt;
  private long usedAt;

  /** Whether this account has a limit, so that calls have to take turns. */
  private volatile boolean isLimited;

  /**
   * @param owner the owning user of the account's services
   */
  SharedAccount(Account account, UUID owner, Exchanges exchanges, long now) {
    this.account = account;
    this.owner = owner;
    this.exchanges = exchanges;
    this.queue = new CapacityQueue<>(UUID.randomUUID(), CapacityTurn::enterRoom, now);
    this.exchangedAt = now - CapacityQueue.URGENT_MILLIS;
    this.restsUntil = now;
    this.goodUntil = now;
    this.usedAt = now;
    this.taughtAt = now - CERTAIN_MILLIS;
  }

  /** Receives the accounts that need an exchange. */
  interface Exchanges {
    /**
     * @param soon whether to make the exchange before the next regular exchange
     */
    void want(SharedAccount account, boolean soon);
  }

  Account account() {
    return account;
  }

  UUID owner() {
    return owner;
  }

  boolean isLimited() {
    return isLimited;
  }

  synchronized boolean limits(PaceLimit limit) {
    return limits.perMinute().each().containsKey(limit);
  }

  /** Whether the amount that a call takes from the limits depends on the call's body. */
  synchronized boolean countsTokens() {
    return limits.perMinute().each().keySet().stream()
        .anyMatch(limit -> limit != PaceLimit.REQUESTS_PER_MINUTE);
  }

  /** The decision about a call at an account. */
  sealed interface Admission {
    Admission PASSED = new Passed();
    Admission WAITS = new Waits();

    record Passed() implements Admission {}

    record Waits() implements Admission {}

    record Refused(TurnRefusal why) implements Admission {}
  }

  /**
   * Admits a call, makes it wait, or refuses it.
   *
   * @param waits whether the call may wait or be refused; if false, the call is admitted and
   *     counted
   */
  synchronized Admission admit(CapacityTurn turn, boolean waits, long now) {
    PaceUse use = turn.use();
    UUID borrower = turn.terms().borrower();
    if (!waits) {
      passAnyway(turn, now);
      return Admission.PASSED;
    }
    // If the last exchange was long ago, the limits might allow more by now.
    Optional<PaceLimit> exceeded = now < goodUntil ? exceededBy(use) : Optional.empty();
    if (exceeded.isPresent()) {
      return new Admission.Refused(tooLarge(exceeded));
    }
    if (failed && now >= goodUntil) {
      return new Admission.Refused(unavailable());
    }
    return switch (queue.admit(turn, borrower, turn.terms().weight(), use, now, turn.until())) {
      case PASSED -> passed(borrower, now);
      case FULL -> {
        want(now);
        yield refused(turn, now);
      }
      case WAITING -> {
        waits(turn, now);
        want(now);
        yield Admission.WAITS;
      }
    };
  }

  private Admission passed(UUID borrower, long now) {
    count(borrower, new CallCounts(1, 0, 0, 0, 0, 0));
    want(now);
    return Admission.PASSED;
  }

  /** Counts a call that is sent no matter how much is left. */
  synchronized void passAnyway(CapacityTurn turn, long now) {
    CapacityTerms terms = turn.terms();
    queue.passAnyway(terms.borrower(), terms.weight(), turn.use(), now);
    Admission unused = passed(terms.borrower(), now);
  }

  synchronized boolean isExceededBy(PaceUse use) {
    return limits.perMinute().areExceededBy(use);
  }

  /**
   * Returns the given usage. If the usage includes more input than is allowed per minute, the input
   * is lowered to the allowed amount.
   */
  synchronized PaceUse withLessInput(PaceUse use) {
    return limits.perMinute().withLessInput(use);
  }

  private Optional<PaceLimit> exceededBy(PaceUse use) {
    return exceeded(limits, use);
  }

  private static Optional<PaceLimit> exceeded(ProviderLimits limits, PaceUse use) {
    for (Map.Entry<PaceLimit, Long> limit : limits.perMinute().each().entrySet()) {
      if (limit.getKey().partOf(use) > limit.getValue()) {
        return Optional.of(limit.getKey());
      }
    }
    return Optional.empty();
  }

  /**
   * Whether a call that exceeds the limit per minute may be sent to test the limit. The call may be
   * sent if it exceeds only a limit that is uncertain, because the limit was learned from answers
   * and might have changed. Without a call that exceeds the limit, no answer would show the change.
   */
  synchronized boolean mayAsk(CapacityTurn turn, long now) {
    if (exceededBy(turn.use()).isEmpty()) {
      return true;
    }
    if (now - taughtAt < CERTAIN_MILLIS
        || exceeded(turn.terms().stated(), turn.use()).isPresent()) {
      return false;
    }
    taughtAt = now;
    return true;
  }

  /**
   * Puts a call into the queue before the borrower's other calls, because the provider refused the
   * call for exceeding the pace.
   */
  synchronized void putBack(CapacityTurn turn, PaceRefusal refusal, long now) {
    isLimited = true;
    queue.pause(refusal, now);
    queue.putBack(
        turn, turn.terms().borrower(), turn.terms().weight(), turn.use(), now, turn.until());
    waits(turn, now);
    want(now);
  }

  synchronized void pause(PaceRefusal refusal, long now) {
    isLimited = true;
    queue.pause(refusal, now);
    want(now);
  }

  /** Ends the turn of a call that was sent. Returns the calls that are admitted as a result. */
  synchronized List<CapacityTurn> settle(CapacityTurn turn, PaceUse used, PaceUse taken, long now) {
    UUID borrower = turn.terms().borrower();
    long further = used.calls() - turn.use().calls();
    count(borrower, new CallCounts(further, used.input(), used.output(), 0, 0, 0));
    want(now);
    return counted(queue.settle(borrower, turn.use(), used, taken, now));
  }

  /**
   * Ends a call that had its turn at this account but was not sent. Returns the calls that are
   * admitted as a result.
   */
  synchronized List<CapacityTurn> giveBack(CapacityTurn turn, long now) {
    UUID borrower = turn.terms().borrower();
    count(borrower, new CallCounts(-1, 0, 0, 0, 0, 0));
    want(now);
    return counted(queue.settle(borrower, turn.use(), PaceUse.NONE, now));
  }

  /** Removes a waiting call. Returns false if the call does not wait at this account. */
  synchronized boolean remove(CapacityTurn turn) {
    boolean removed = queue.remove(turn);
    if (removed) {
      ended(turn);
    }
    return removed;
  }

  /**
   * Removes a waiting call that goes to another target. Continues to request the amount that this
   * call wanted, for later calls. Returns false if the call does not wait at this account.
   */
  synchronized boolean removeForOtherTarget(CapacityTurn turn, long now) {
    boolean removed = queue.removeButRequest(turn, now);
    if (removed) {
      ended(turn);
    }
    return removed;
  }

  synchronized boolean awaitsFirstGrant(CapacityTurn turn, long now) {
    return queue.awaitsFirstGrant(turn, now);
  }

  /** Removes and returns the calls that lost their places to other calls. */
  synchronized List<Ended> takeDisplaced(long now) {
    List<Ended> displaced = new ArrayList<>();
    for (CapacityTurn turn : queue.takeDisplaced()) {
      ended(turn);
      countRefused(turn);
      displaced.add(new Ended(turn, exhausted(turn, now)));
    }
    return displaced;
  }

  /**
   * Refuses a call whose place in the queue was given to another call. Empty if the call does not
   * wait at this account.
   */
  synchronized Optional<TurnRefusal> displace(CapacityTurn turn, long now) {
    if (!queue.remove(turn)) {
      return Optional.empty();
    }
    ended(turn);
    countRefused(turn);
    return Optional.of(exhausted(turn, now));
  }

  /**
   * Removes and returns the calls whose wait ends, with the reason: the call has waited for the
   * maximum time, or the database does not answer.
   *
   * @param resumedAt when this node last went on after a pause. Exchanges that are late only
   *     because of the pause do not show that the database does not answer
   */
  synchronized List<Ended> endWaits(long now, long resumedAt) {
    List<Ended> ended = new ArrayList<>();
    if (queue.waiting() == 0) {
      return ended;
    }
    if (areLimitsNew) {
      areLimitsNew = false;
      for (CapacityTurn turn : List.copyOf(waiting)) {
        Optional<PaceLimit> exceeded = exceededBy(turn.use());
        if (exceeded.isPresent() && queue.remove(turn)) {
          ended(turn);
          ended.add(new Ended(turn, tooLarge(exceeded)));
        }
      }
    }
    boolean isAway = now >= goodUntil && (failed || now - Math.max(dueAt, resumedAt) > LATE_MILLIS);
    List<CapacityTurn> overdue = queue.removeOverdue(isAway ? Long.MAX_VALUE : now);
    for (CapacityTurn turn : overdue) {
      ended(turn);
      if (!isAway) {
        countRefused(turn);
      }
      ended.add(new Ended(turn, isAway ? unavailable() : exhausted(turn, now)));
    }
    return ended;
  }

  record Ended(CapacityTurn turn, TurnRefusal why) {}

  private TurnRefusal exhausted(CapacityTurn turn, long now) {
    return new TurnRefusal(
        Reason.EXHAUSTED,
        scarcest(turn.use()),
        queue.estimatedWait(turn.terms().borrower(), turn.use(), now));
  }

  private Optional<PaceLimit> scarcest(PaceUse use) {
    Optional<PaceLimit> scarcest = Optional.empty();
    double most = 0;
    for (Map.Entry<PaceLimit, Long> limit : limits.perMinute().each().entrySet()) {
      double part = limit.getKey().partOf(use) / (double) limit.getValue();
      if (part > most) {
        most = part;
        scarcest = Optional.of(limit.getKey());
      }
    }
    return scarcest;
  }

  private static TurnRefusal tooLarge(Optional<PaceLimit> exceeded) {
    return new TurnRefusal(Reason.TOO_LARGE, exceeded, Duration.ZERO);
  }

  private static TurnRefusal unavailable() {
    return new TurnRefusal(Reason.UNAVAILABLE, Optional.empty(), Duration.ofSeconds(1));
  }

  private Admission refused(CapacityTurn turn, long now) {
    countRefused(turn);
    return new Admission.Refused(exhausted(turn, now));
  }

  private void count(UUID borrower, CallCounts more) {
    counts.merge(borrower, more, CallCounts::plus);
  }

  private void waits(CapacityTurn turn, long now) {
    turn.waitsSince(now);
    boolean unused = waiting.add(turn);
  }

  private void ended(CapacityTurn turn) {
    boolean unused = waiting.remove(turn);
  }

  private void countRefused(CapacityTurn turn) {
    count(turn.terms().borrower(), new CallCounts(0, 0, 0, 0, 0, 1));
  }

  /**
   * Counts the wait of a call that is sent now. This account is the last account at which the call
   * took a turn. Calls that waited without getting a turn are counted as refused or not at all.
   *
   * @param time the total time for which the call waited at all accounts
   */
  synchronized void countWait(CapacityTurn turn, long time, long now) {
    count(turn.terms().borrower(), new CallCounts(0, 0, 0, 1, time, 0));
    want(now);
  }

  private List<CapacityTurn> counted(List<CapacityTurn> passing) {
    for (CapacityTurn turn : passing) {
      ended(turn);
      count(turn.terms().borrower(), new CallCounts(1, 0, 0, 0, 0, 0));
    }
    return passing;
  }

  /** Records limits that the owner states or that other nodes have learned. */
  synchronized void know(ProviderLimits known) {
    if (!known.isNone() && !limits.equals(limits.and(known))) {
      limits = limits.and(known);
      isLimited = true;
    }
  }

  synchronized void learn(List<LimitStatement> answer, long since, long now) {
    boolean teaches = false;
    boolean isKnown = true;
    for (LimitStatement each : answer) {
      queue.learn(each, since);
      OptionalLong most = each.perMinute();
      if (most.isPresent()) {
        teaches = true;
        Long known = limits.perMinute().each().get(each.limit());
        isKnown &= known != null && known <= most.getAsLong();
      }
    }
    if (teaches) {
      taughtAt = now;
    }
    if (!isKnown) { // few answers state a lower limit than the answer before
      know(new ProviderLimits(stated(answer), OptionalInt.empty()));
    }
    if (isLimited) {
      want(now);
    }
  }

  private static PaceLimits stated(List<LimitStatement> answer) {
    EnumMap<PaceLimit, Long> all = new EnumMap<>(PaceLimit.class);
    for (LimitStatement each : answer) {
      each.perMinute().ifPresent(most -> all.put(each.limit(), most));
    }
    return new PaceLimits(all);
  }

  /** Schedules an exchange within a second, to report what has happened on this node. */
  private void want(long now) {
    boolean isFirst = !isInUse;
    isInUse = true;
    usedAt = now;
    if (isFirst) {
      usuallyAt = now + CapacityQueue.EXCHANGE_MILLIS;
      dueAt = usuallyAt;
    }
    long soonest = Math.max(restsUntil, Math.max(now, exchangedAt + CapacityQueue.URGENT_MILLIS));
    boolean isSooner = queue.isUrgent() && soonest < dueAt;
    if (isSooner) {
      dueAt = soonest;
    }
    if (isFirst || isSooner) {
      exchanges.want(this, isSooner);
    }
  }

  /**
   * The time of the next exchange; infinitely late if nothing has happened since the last exchange.
   */
  synchronized long dueAt() {
    return isInUse ? dueAt : Long.MAX_VALUE;
  }

  /** Whether this node has nothing to report about this account to other nodes. */
  synchronized boolean isIdle() {
    return !isInUse;
  }

  synchronized boolean isUnusedSince(long time) {
    return !isInUse && usedAt <= time;
  }

  /**
   * Whether the account is limited only by earlier refusals of the provider. A refusal has an
   * effect for up to a minute.
   */
  synchronized boolean isUnlimited() {
    return limits.isNone();
  }

  /**
   * Returns this node's statement for the next exchange. The caller must then call {@link #apply}
   * or {@link #failed}.
   */
  synchronized AccountStatement state(long now) {
    Map<UUID, CallCounts> counted = Map.copyOf(counts);
    counts.clear();
    // A call might have begun to wait after the exchange had read the time. The time waited would
    // then be negative, so 0 is stated.
    long longest =
        waiting.isEmpty() ? 0 : Math.max(0, now - waiting.iterator().next().waitingSince());
    return new AccountStatement(
        account, queue.state(now), counted, queue.waiting(), longest, queue.running());
  }

  /** Applies the answer to this node's statement. Returns the calls that are admitted. */
  synchronized List<CapacityTurn> apply(
      AccountStatement stated, CapacityGrant grant, long began, long now) {
    failed = false;
    exchangedAt = began;
    goodUntil = began + CapacityAccount.SILENT_AFTER_MILLIS;
    areLimitsNew |= !limits.equals(grant.limits()) || queue.waiting() > 0;
    limits = grant.limits();
    isLimited = !limits.isNone() || grant.pause() > 0 || !grant.pauses().isEmpty();
    List<CapacityTurn> passing = counted(queue.apply(grant, began, now));
    isInUse =
        !stated.wanted().borrowers().isEmpty()
            || !counts.isEmpty()
            || queue.waiting() > 0
            || queue.running() > 0;
    if (usuallyAt <= began) {
      usuallyAt +=
          ((began - usuallyAt) / CapacityQueue.EXCHANGE_MILLIS + 1) * CapacityQueue.EXCHANGE_MILLIS;
    }
    dueAt = queue.isUrgent() ? Math.min(usuallyAt, began + CapacityQueue.URGENT_MILLIS) : usuallyAt;
    return passing;
  }

  /**
   * Records that a statement might have been lost. The next exchange states the same amounts again.
   * If the exchange took longer than {@link #HUNG_MILLIS}, this node might have hung. Calls are
   * then not refused before the next exchange.
   */
  synchronized void failed(AccountStatement stated, long began, long now) {
    failed |= now - began < HUNG_MILLIS;
    exchangedAt = began;
    stated.counts().forEach(this::count);
    dueAt = began + CapacityQueue.URGENT_MILLIS;
  }

  /** Makes no exchange until the given time, because the last exchange failed. */
  synchronized void restUntil(long time) {
    restsUntil = time;
    dueAt = Math.max(dueAt, time);
  }
}
