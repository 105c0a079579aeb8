package io.claviger.application.capacity;

import io.claviger.application.capacity.CapacityTurns.Turn;
import io.claviger.application.capacity.CapacityTurns.TurnDecision;
import io.claviger.application.capacity.CapacityTurns.TurnRefusal;
import io.claviger.application.capacity.CapacityTurns.WaitingCall;
import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.fairness.PaceLimits;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.usage.UsageModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** A call that notes what becomes of it. */
public final class ACall implements WaitingCall {
  private final CapacityTerms terms;
  private final UsageModel model;
  private final PaceUse use;
  private final List<Object> outcomes = new ArrayList<>();
  private Duration waited = Duration.ZERO;
  private boolean takesLess;
  private boolean mayDisplace = true;
  private long heldBytes = 100;
  private TurnDecision decision = new TurnDecision.Passed(Turn.FREE);

  public ACall(CapacityTerms terms, UsageModel model, PaceUse use) {
    this.terms = terms;
    this.model = model;
    this.use = use;
  }

  /** Returns the terms that all calls of a service have, with these limits per minute. */
  public static CapacityTerms terms(UUID service, ProviderLimits stated, Duration maxWait) {
    return new CapacityTerms(
        CapacityKey.ofService(service), service, OWNER, stated, maxWait, true, OWNER, 10);
  }

  private static final UUID OWNER = UUID.randomUUID();

  public static ProviderLimits requests(long perMinute) {
    return new ProviderLimits(
        new PaceLimits(Map.of(PaceLimit.REQUESTS_PER_MINUTE, perMinute)), OptionalInt.empty());
  }

  public static CapacityTerms by(CapacityTerms terms, UUID borrower, int weight) {
    return new CapacityTerms(
        terms.capacity(),
        terms.service(),
        terms.owner(),
        terms.stated(),
        terms.maxWait(),
        terms.waitsAfterRefusal(),
        borrower,
        weight);
  }

  public static ACall of(CapacityTerms terms) {
    return new ACall(terms, UsageModel.UNKNOWN, PaceUse.ofCall(0, 0));
  }

  /** Says that the call has already waited at another target. */
  public ACall after(Duration wait) {
    waited = wait;
    return this;
  }

  /** Says that the call might use much less than expected. */
  ACall takingLess() {
    takesLess = true;
    return this;
  }

  /** Has other targets, to which it goes rather than wait. */
  ACall withOtherTargets() {
    mayDisplace = false;
    return this;
  }

  @Override
  public boolean mayDisplace() {
    return mayDisplace;
  }

  /** Occupies so much memory while it waits. */
  ACall holding(long bytes) {
    heldBytes = bytes;
    return this;
  }

  @Override
  public boolean mayTakeLess() {
    return takesLess;
  }

  /** Comes to a node. */
  public ACall at(CapacityTurns turns) {
    TurnDecision taken = turns.take(this);
    synchronized (this) {
      decision = taken;
      if (!(taken instanceof TurnDecision.Waits)) {
        outcomes.add(
            taken instanceof TurnDecision.Refused refused
                ? refused.why()
                : ((TurnDecision.Passed) taken).turn());
      }
    }
    return this;
  }

  /** Leaves the queue. */
  public void leave() {
    ((TurnDecision.Waits) decision()).place().leave();
  }

  /** Leaves the queue because the call goes to another target. */
  void leaveForOtherTarget() {
    ((TurnDecision.Waits) decision()).place().leaveForOtherTarget();
  }

  boolean awaitsFirstGrant() {
    return ((TurnDecision.Waits) decision()).place().awaitsFirstGrant();
  }

  public synchronized TurnDecision decision() {
    return decision;
  }

  public synchronized boolean isDecided() {
    return !outcomes.isEmpty();
  }

  /** The refusals and the turns that the call got. */
  public synchronized List<Object> outcomes() {
    return List.copyOf(outcomes);
  }

  public synchronized Optional<Turn> turn() {
    return outcomes.isEmpty() || !(outcomes.getLast() instanceof Turn turn)
        ? Optional.empty()
        : Optional.of(turn);
  }

  public synchronized Optional<TurnRefusal> refusal() {
    return outcomes.isEmpty() || !(outcomes.getLast() instanceof TurnRefusal refusal)
        ? Optional.empty()
        : Optional.of(refusal);
  }

  @Override
  public CapacityTerms terms() {
    return terms;
  }

  @Override
  public UsageModel model() {
    return model;
  }

  @Override
  public Optional<PaceUse> use() {
    return Optional.of(use);
  }

  @Override
  public long heldBytes() {
    return heldBytes;
  }

  @Override
  public Duration waited() {
    return waited;
  }

  @Override
  public synchronized void passed(Turn turn, Duration waited) {
    outcomes.add(turn);
  }

  @Override
  public synchronized void refused(TurnRefusal why) {
    outcomes.add(why);
  }
}
