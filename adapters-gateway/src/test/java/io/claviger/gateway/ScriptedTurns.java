package io.claviger.gateway;

import io.claviger.application.capacity.CapacityTurns;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.fairness.LimitStatement;
import io.claviger.domain.fairness.PaceRefusal;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.usage.UsageModel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Turns that a test gives, and what became of each. Calls wait unless the test says otherwise. */
final class ScriptedTurns implements CapacityTurns {
  private final List<OneTurn> turns = new ArrayList<>();
  private final Deque<OnePlace> queue = new ArrayDeque<>();
  private final List<WaitingCall> asked = new ArrayList<>();
  private volatile Function<WaitingCall, Optional<TurnRefusal>> refusing = call -> Optional.empty();
  private volatile Predicate<WaitingCall> letsPass = call -> false;
  private volatile boolean awaitFirstGrant;
  private volatile boolean readsBody;
  private volatile boolean areAboveLimit;
  private volatile boolean returning = true;
  private volatile boolean failing;
  private int left;
  private int leftForOtherTarget;

  /** Lets all calls pass at once from now on. */
  ScriptedTurns lettingPass(boolean on) {
    return lettingPass(call -> on);
  }

  /** Lets these calls pass at once from now on. */
  ScriptedTurns lettingPass(Predicate<WaitingCall> these) {
    letsPass = these;
    return this;
  }

  /** From now on calls wait only because the node has no part of the limits yet. */
  ScriptedTurns awaitingFirstGrant() {
    awaitFirstGrant = true;
    return this;
  }

  ScriptedTurns readingBodies() {
    readsBody = true;
    return this;
  }

  /** No turn can be settled. */
  ScriptedTurns failing() {
    failing = true;
    return this;
  }

  /** No call that the provider refused may wait again. */
  void returnNone() {
    returning = false;
  }

  /** Refuses calls from now on. */
  void refuse(TurnRefusal why) {
    refusing = call -> Optional.of(why);
  }

  /** Refuses some of the calls from now on. */
  void refuse(Function<WaitingCall, Optional<TurnRefusal>> some) {
    refusing = some;
  }

  /** From now on calls are larger than what is allowed in a minute. */
  void exceedLimit() {
    areAboveLimit = true;
  }

  @Override
  public boolean readsBody(CapacityTerms terms) {
    return readsBody;
  }

  @Override
  public synchronized TurnDecision take(WaitingCall call) {
    asked.add(call);
    Optional<TurnRefusal> no = refusing.apply(call);
    if (no.isPresent()) {
      return new TurnDecision.Refused(no.get());
    }
    return letsPass.test(call)
        ? new TurnDecision.Passed(turn(call))
        : new TurnDecision.Waits(place(call));
  }

  private OneTurn turn(WaitingCall call) {
    OneTurn made = new OneTurn(call);
    turns.add(made);
    return made;
  }

  private OnePlace place(WaitingCall call) {
    OnePlace place = new OnePlace(call);
    queue.add(place);
    return place;
  }

  synchronized int waiting() {
    return queue.size();
  }

  /** How many left the queue by themselves. */
  synchronized int left() {
    return left;
  }

  /** How many of these left it for another target. */
  synchronized int leftForOtherTarget() {
    return leftForOtherTarget;
  }

  /** The calls that asked for a turn. */
  synchronized List<WaitingCall> asked() {
    return List.copyOf(asked);
  }

  synchronized List<OneTurn> turns() {
    return List.copyOf(turns);
  }

  /** Lets the call that has waited for longest go, once there is one. */
  void letNextGo(Duration waited) {
    OnePlace next = awaitNext();
    OneTurn made;
    synchronized (this) {
      made = turn(next.call);
    }
    next.call.passed(made, waited);
  }

  /** Refuses the call that has waited for longest. */
  void refuseNext(TurnRefusal why) {
    awaitNext().call.refused(why);
  }

  private OnePlace awaitNext() {
    Rig.await(() -> waiting() > 0);
    synchronized (this) {
      return queue.remove();
    }
  }

  /** The ends of so many turns, in the order in which they were taken. */
  List<Optional<PaceUse>> awaitEnds(int count) {
    Rig.await(() -> turns().size() >= count && turns().stream().allMatch(OneTurn::hasEnded));
    return turns().stream().map(turn -> turn.used).toList();
  }

  private final class OnePlace implements Place {
    private final WaitingCall call;

    OnePlace(WaitingCall call) {
      this.call = call;
    }

    @Override
    public void leave() {
      synchronized (ScriptedTurns.this) {
        if (queue.remove(this)) {
          left++;
        }
      }
    }

    @Override
    public void leaveForOtherTarget() {
      synchronized (ScriptedTurns.this) {
        leave();
        leftForOtherTarget++;
      }
    }

    @Override
    public boolean awaitsFirstGrant() {
      return awaitFirstGrant;
    }
  }

  /** A turn, and how it ended: with a use, or empty where the call was not sent. */
  final class OneTurn implements Turn {
    private final WaitingCall call;
    private volatile boolean ended;
    private volatile Optional<PaceUse> used = Optional.empty();
    private volatile List<LimitStatement> learned = List.of();
    private volatile Optional<PaceRefusal> refused = Optional.empty();

    OneTurn(WaitingCall call) {
      this.call = call;
    }

    boolean hasEnded() {
      return ended;
    }

    @Override
    public void learn(UsageModel model, List<LimitStatement> stated) {
      learned = stated;
    }

    /** What the provider's last answer said. */
    List<LimitStatement> learned() {
      return learned;
    }

    /** Why the call took another turn after this one. */
    Optional<PaceRefusal> refused() {
      return refused;
    }

    @Override
    public boolean isAboveLimit() {
      return areAboveLimit;
    }

    @Override
    public Optional<TurnDecision> takeAnother(PaceRefusal refusal) {
      synchronized (ScriptedTurns.this) {
        if (!returning) {
          return Optional.empty();
        }
        ended = true;
        refused = Optional.of(refusal);
        return Optional.of(
            letsPass.test(call)
                ? new TurnDecision.Passed(turn(call))
                : new TurnDecision.Waits(place(call)));
      }
    }

    @Override
    public void settle(PaceUse use) {
      if (failing) {
        throw new IllegalStateException("a turn that a test lets fail");
      }
      if (!ended) {
        used = Optional.of(use);
        ended = true;
      }
    }

    @Override
    public void close() {
      ended = true;
    }
  }
}
