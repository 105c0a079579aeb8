package io.claviger.application.capacity;

import io.claviger.application.capacity.CapacityTurns.Place;
import io.claviger.application.capacity.CapacityTurns.Turn;
import io.claviger.application.capacity.CapacityTurns.TurnDecision;
import io.claviger.application.capacity.CapacityTurns.TurnRefusal;
import io.claviger.application.capacity.CapacityTurns.WaitingCall;
import io.claviger.domain.fairness.CapacityQueue;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.fairness.LimitStatement;
import io.claviger.domain.fairness.PaceRefusal;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.usage.UsageModel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * An attempt to send a call. The attempt takes its turn at one account after the other, and might
 * have to wait in each account's queue. The thread that takes the attempt out of a queue moves it
 * on to the next account. The thread that decides whether the call is sent or refused also notifies
 * the call.
 */
final class CapacityTurn implements Turn, Place {
  /** The usage that is assumed for a call while only its head has been read. */
  private static final PaceUse UNREAD = PaceUse.ofCall(0, 0);

  private final SharedCapacity capacity;
  private final WaitingRoom room;
  private final LongSupplier millis;
  private final WaitingCall call;
  private final CapacityTerms terms;
  private final List<SharedAccount> accounts;
  private final boolean waits;
  private final int returns;
  private final long began;
  private final long until;
  private final AtomicReference<State> state = new AtomicReference<>(State.DECIDING);
  private boolean isInRoom;
  private volatile long waitingSince;
  private volatile long outSince;
  private volatile PaceUse use;

  private enum State {
    DECIDING,
    OUT,
    ENDED
  }

  CapacityTurn(
      SharedCapacity capacity,
      WaitingRoom room,
      LongSupplier millis,
      WaitingCall call,
      List<SharedAccount> accounts,
      boolean waits,
      int returns,
      long until) {
    this.capacity = capacity;
    this.room = room;
    this.millis = millis;
    this.call = call;
    this.terms = call.terms();
    this.use = call.use().orElse(UNREAD);
    this.accounts = accounts;
    this.waits = waits;
    this.returns = returns;
    this.began = millis.getAsLong();
    this.until = until;
  }

  CapacityTerms terms() {
    return terms;
  }

  PaceUse use() {
    return use;
  }

  /** Returns the time until which the call may wait. */
  long until() {
    return until;
  }

  /** Returns when the call entered the queue in which it waits. */
  long waitingSince() {
    return waitingSince;
  }

  void waitsSince(long now) {
    waitingSince = now;
  }

  /**
   * Whether other calls can lose their places to this call. The result is always true for a call
   * that waits again after a refusal by the provider, because such a call does not go to another
   * target.
   */
  boolean mayDisplace() {
    return returns > 0 || call.mayDisplace();
  }

  /**
   * Reserves room for the wait, unless the call already has room.
   *
   * @param displaced the call that loses its place in a full queue to this call, so that its room
   *     becomes free. If this method returns false, the displaced call keeps its place and its room
   */
  synchronized boolean enterRoom(Optional<CapacityTurn> displaced) {
    if (displaced.isPresent() && !mayDisplace()) {
      return false;
    }
    if (isInRoom) {
      displaced.ifPresent(room::leave);
      return true;
    }
    isInRoom = room.enter(this, Math.max(0, call.heldBytes()), displaced);
    return isInRoom;
  }

  /**
   * Records that another call got the room of this call. If this call is just moving from one
   * account to the next, no queue contains it, and it has to enter the room again.
   */
  private synchronized void forgetRoom() {
    isInRoom = false;
  }

  /** Frees the room that was reserved for the wait. Repeated invocations do nothing. */
  synchronized void leaveRoom() {
    room.leave(this);
  }

  /**
   * Takes the call's turn at the accounts, beginning with the first account, until the call has to
   * wait or is refused.
   */
  TurnDecision take() {
    TurnDecision decision = moveOn(0);
    if (decision instanceof TurnDecision.Refused refused && asks(refused.why())) {
      decision = moveOn(0);
    }
    switch (decision) {
      case TurnDecision.Passed passed -> {
        outSince = millis.getAsLong();
        state.set(State.OUT);
      }
      case TurnDecision.Waits waits -> {
        // Another thread will notify the call, or has already done so.
      }
      case TurnDecision.Refused refused -> {
        state.set(State.ENDED);
        capacity.endTurn();
      }
    }
    return decision;
  }

  private TurnDecision moveOn(int first) {
    for (int n = first; n < accounts.size(); n++) {
      SharedAccount account = accounts.get(n);
      long now = millis.getAsLong();
      switch (account.admit(this, waits, now)) {
        case SharedAccount.Admission.Passed passed -> {}
        case SharedAccount.Admission.Refused refused -> {
          endDisplaced(account, now);
          giveBackBefore(n);
          return new TurnDecision.Refused(refused.why());
        }
        case SharedAccount.Admission.Waits waiting -> {
          endDisplaced(account, now);
          if (state.get() == State.ENDED) {
            leaveRoom(); // If the call had lost its room, it has just entered the room again.
            if (account.remove(this)) {
              giveBackBefore(n);
            }
          }
          return new TurnDecision.Waits(this);
        }
      }
    }
    return new TurnDecision.Passed(this);
  }

  private void endDisplaced(SharedAccount account, long now) {
    account.takeDisplaced(now).forEach(each -> each.turn().endedAt(account, each.why()));
    room.takeDisplaced().forEach(turn -> turn.loseRoom(now));
  }

  private void loseRoom(long now) {
    forgetRoom();
    for (SharedAccount account : accounts) {
      Optional<TurnRefusal> why = account.displace(this, now);
      if (why.isPresent()) {
        endedAt(account, why.get());
        return;
      }
    }
  }

  /** Called when the call gets its turn at the account where it waited. */
  void passedAt(SharedAccount account) {
    goOn(moveOn(accounts.indexOf(account) + 1));
  }

  private void goOn(TurnDecision decision) {
    switch (decision) {
      case TurnDecision.Passed passed -> {
        long now = millis.getAsLong();
        outSince = now;
        if (state.compareAndSet(State.DECIDING, State.OUT)) {
          leaveRoom();
          long waited = Math.max(0, now - began);
          accounts.getLast().countWait(this, waited, now);
          call.passed(this, Duration.ofMillis(waited));
        } else {
          giveBackBefore(accounts.size());
        }
      }
      case TurnDecision.Waits waiting -> {}
      case TurnDecision.Refused refused -> refuse(refused.why());
    }
  }

  /** Called when the call was taken out of an account's queue without a turn. */
  void endedAt(SharedAccount account, TurnRefusal why) {
    giveBackBefore(accounts.indexOf(account));
    if (asks(why)) {
      goOn(moveOn(0));
    } else {
      refuse(why);
    }
  }

  /**
   * Whether a call that is too large is sent anyway, in order to learn the provider's limit. The
   * usage of such a call is counted only at the end of the call. If the provider refuses the call,
   * the call has used nothing that other calls could have used.
   */
  private boolean asks(TurnRefusal why) {
    long now = millis.getAsLong();
    if (why.reason() == TurnRefusal.Reason.TOO_LARGE && takesLess()) {
      return true;
    }
    if (why.reason() != TurnRefusal.Reason.TOO_LARGE
        || !accounts.stream().allMatch(account -> account.mayAsk(this, now))) {
      return false;
    }
    use = UNREAD;
    return true;
  }

  /**
   * Whether the call fits into the limits if its input is lowered to the allowed amount. If the
   * call fits, the lower amount counts from now on.
   */
  private boolean takesLess() {
    PaceUse less = use;
    for (SharedAccount account : call.mayTakeLess() ? accounts : List.<SharedAccount>of()) {
      less = account.withLessInput(less);
    }
    boolean isLess = !less.equals(use);
    use = less;
    return isLess;
  }

  private void refuse(TurnRefusal why) {
    if (state.compareAndSet(State.DECIDING, State.ENDED)) {
      leaveRoom();
      capacity.endTurn();
      call.refused(why);
    }
  }

  @Override
  public void leave() {
    leave(account -> account.remove(this));
  }

  @Override
  public void leaveForOtherTarget() {
    leave(account -> account.removeForOtherTarget(this, millis.getAsLong()));
  }

  @Override
  public boolean awaitsFirstGrant() {
    long now = millis.getAsLong();
    return accounts.stream().anyMatch(account -> account.awaitsFirstGrant(this, now));
  }

  private void leave(Predicate<SharedAccount> removal) {
    if (!state.compareAndSet(State.DECIDING, State.ENDED)) {
      return;
    }
    leaveRoom();
    for (int n = 0; n < accounts.size(); n++) {
      if (removal.test(accounts.get(n))) {
        giveBackBefore(n);
        break;
      }
    }
    capacity.endTurn();
  }

  private void giveBackBefore(int count) {
    for (int n = 0; n < count; n++) {
      SharedAccount account = accounts.get(n);
      account.giveBack(this, millis.getAsLong()).forEach(turn -> turn.passedAt(account));
    }
  }

  @Override
  public void learn(UsageModel model, List<LimitStatement> stated) {
    if (!stated.isEmpty() && state.get() == State.OUT) {
      // Providers count a call when the call arrives, which can be long before they answer.
      capacity.learn(model, stated, outSince, millis.getAsLong());
    }
  }

  @Override
  public boolean isAboveLimit() {
    PaceUse expected = call.use().orElse(UNREAD);
    return accounts.stream().anyMatch(account -> account.isExceededBy(expected));
  }

  @Override
  public Optional<TurnDecision> takeAnother(PaceRefusal refusal) {
    long now = millis.getAsLong();
    if (!terms.waitsAfterRefusal()
        || terms.maxWait().isZero()
        || state.get() != State.OUT
        || now + refusal.pause().toMillis() >= until) {
      return Optional.empty();
    }
    SharedAccount usedUp = capacity.usedUp(call.model(), refusal, now);
    Optional<TurnDecision> next =
        returns < CapacityQueue.MOST_RETURNS ? waitAgain(usedUp, refusal) : Optional.empty();
    if (next.isEmpty()) {
      // The call does not wait again. The account pauses, because the provider would refuse other
      // calls, too.
      usedUp.pause(refusal, now);
    }
    return next;
  }

  private Optional<TurnDecision> waitAgain(SharedAccount usedUp, PaceRefusal refusal) {
    List<SharedAccount> again =
        accounts.contains(usedUp)
            ? accounts
            : Stream.concat(Stream.of(usedUp), accounts.stream()).toList();
    CapacityTurn next =
        new CapacityTurn(capacity, room, millis, call, again, true, returns + 1, until);
    next.use = use;
    if (!next.enterRoom(Optional.empty())) {
      return Optional.empty();
    }
    if (!state.compareAndSet(State.OUT, State.ENDED)) {
      next.leaveRoom();
      return Optional.empty();
    }
    // From now on, the gateway ends the new turn of this call instead of this turn.
    next.takeOver(this, usedUp, refusal);
    endDisplaced(usedUp, millis.getAsLong());
    return Optional.of(new TurnDecision.Waits(next));
  }

  /**
   * After a refused turn, waits at the account that is used up. The call need not wait again at
   * accounts where it has already had its turn.
   */
  private void takeOver(CapacityTurn former, SharedAccount usedUp, PaceRefusal refusal) {
    int place = accounts.indexOf(usedUp);
    for (SharedAccount account : former.accounts) {
      if (accounts.indexOf(account) > place) {
        former.settleAt(account, UNREAD, UNREAD);
      }
    }
    long now = millis.getAsLong();
    if (!former.accounts.contains(usedUp)) {
      usedUp.passAnyway(this, now);
    }
    usedUp.putBack(this, refusal, now);
  }

  private void settleAt(SharedAccount account, PaceUse used, PaceUse taken) {
    account.settle(this, used, taken, millis.getAsLong()).forEach(turn -> turn.passedAt(account));
  }

  @Override
  public void settle(PaceUse used) {
    settle(used, used);
  }

  @Override
  public void settle(PaceUse used, PaceUse taken) {
    if (state.compareAndSet(State.OUT, State.ENDED)) {
      accounts.forEach(account -> settleAt(account, used, taken));
      capacity.endTurn();
    }
  }

  @Override
  public void close() {
    if (state.compareAndSet(State.OUT, State.ENDED)) {
      giveBackBefore(accounts.size());
      capacity.endTurn();
    }
  }
}
