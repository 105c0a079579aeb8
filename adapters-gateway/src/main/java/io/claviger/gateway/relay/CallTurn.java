package io.claviger.gateway.relay;

import io.claviger.application.capacity.CapacityTurns;
import io.claviger.application.capacity.CapacityTurns.Place;
import io.claviger.application.capacity.CapacityTurns.Turn;
import io.claviger.application.capacity.CapacityTurns.TurnDecision;
import io.claviger.application.capacity.CapacityTurns.TurnRefusal;
import io.claviger.application.capacity.CapacityTurns.WaitingCall;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.fairness.LimitHeaders;
import io.claviger.domain.fairness.LimitStatement;
import io.claviger.domain.fairness.PaceCounting;
import io.claviger.domain.fairness.PaceRefusal;
import io.claviger.domain.fairness.PaceRefusals;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.spending.CallPace;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageModel;
import io.claviger.gateway.errors.CapacityErrors;
import io.claviger.gateway.wire.GuardedTask;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The turn of a call: the call's permission to be sent now. If a provider's limits leave no room
 * for the call, the call waits for its turn. While the call waits, no more of its body is read, and
 * its reservations remain. Only used on the event loop of the call.
 */
final class CallTurn {
  private static final Duration LEAST_WAIT = Duration.ofMillis(1);

  private final GatewayCall call;
  private final CallParts parts;

  /** The turn of the call; null while the call may not be sent, or needs no turn. */
  private @Nullable Turn turn;

  /** The last attempt to send the call; null before the first attempt. */
  private @Nullable Attempt current;

  /** The attempt that waits for its turn; null if no attempt waits. */
  private @Nullable Attempt waiting;

  private Duration waited = Duration.ZERO;

  CallTurn(GatewayCall call, CallParts parts) {
    this.call = call;
    this.parts = parts;
  }

  /**
   * Whether the call has its turn. The turn remains valid if the gateway sends the call again
   * because its connection was dead.
   */
  boolean isHeld() {
    return turn != null;
  }

  /**
   * Requests the call's turn at a target. If the call would have to wait, and another target of the
   * model might have capacity, the call goes to the other target instead. If, however, the call has
   * to wait only because this node has not yet got its part of the provider's limits, the call
   * first waits a moment for that part. The reason is that earlier targets take precedence over
   * later ones.
   *
   * @param then an action that continues the call; it is not called if the call is refused or ends
   *     first
   */
  void take(CapacityTerms terms, Runnable then) {
    call.enter(CallPhase.WAITING);
    Attempt attempt = new Attempt(terms, asked(terms), heldBytes(), waited, then);
    current = attempt;
    TurnDecision decision = parts.environment().turns().take(attempt);
    Optional<TurnRefusal> refusal =
        decision instanceof TurnDecision.Refused refused
            ? Optional.of(refused.why())
            : Optional.empty();
    if (decision instanceof TurnDecision.Passed || !hasOtherTargets(refusal)) {
      decided(attempt, decision);
      return;
    }
    if (decision instanceof TurnDecision.Waits waits && waits.place().awaitsFirstGrant()) {
      attempt.hasOtherTargets = true;
      decided(attempt, decision);
      attempt.schedule(() -> goToOtherTarget(attempt), CapacityTurns.FIRST_GRANT);
      return;
    }
    if (decision instanceof TurnDecision.Waits waits) {
      waits.place().leaveForOtherTarget();
    }
    goToOtherTarget(refusal);
  }

  /**
   * Whether another target of the call's model might have capacity, so that the call need not wait
   * for its turn at the current target.
   *
   * @param refusal the reason why the call can't wait at the current target; empty if it can
   */
  private boolean hasOtherTargets(Optional<TurnRefusal> refusal) {
    TargetFailover targets = call.failover();
    return targets != null && targets.hasOtherTargets(refusal);
  }

  private void goToOtherTarget(Optional<TurnRefusal> refusal) {
    Objects.requireNonNull(call.failover()).goToOtherTarget(refusal);
  }

  /**
   * Sends the call to another target if it is still waiting for its turn at this attempt's target.
   */
  private void goToOtherTarget(Attempt attempt) {
    if (waiting == attempt && hasOtherTargets(Optional.empty())) {
      waiting = null;
      Objects.requireNonNull(attempt.place).leaveForOtherTarget();
      waited(attempt);
      goToOtherTarget(Optional.empty());
    }
  }

  /**
   * The requested use; null if the provider's limits do not depend on the use. If the body is
   * unreadable, the call counts as one that requests the usual use.
   */
  private @Nullable RequestedUse asked(CapacityTerms terms) {
    if (!parts.environment().turns().readsBody(terms)) {
      return null;
    }
    RequestBody body = parts.body();
    OperationKind kind = OperationKind.of(parts.requested().method(), parts.provider().path());
    return kind == OperationKind.NOTHING
        ? RequestedUse.nothing(body.model())
        : body.use()
            .at(parts.permission().call().caps(), false)
            .map(use -> use.of(body.model()))
            .orElseGet(
                () ->
                    RequestedUse.once(
                        body.model(),
                        kind,
                        Math.max(body.bytes(), body.length().bytes()),
                        OptionalLong.empty(),
                        Optional.empty()));
  }

  private long heldBytes() {
    return parts.body().isBufferEmpty() ? 0 : parts.body().bytes();
  }

  private void decided(Attempt attempt, TurnDecision decision) {
    switch (decision) {
      case TurnDecision.Passed passed -> {
        turn = passed.turn();
        goOn(attempt);
      }
      case TurnDecision.Refused refused -> fail(attempt, refused.why());
      case TurnDecision.Waits waits -> {
        attempt.place = waits.place();
        waiting = attempt;
        if (parts.environment().draining().get()) {
          call.fail(CapacityErrors.LEAVING);
        }
      }
    }
  }

  /**
   * Ends the call's turn at a target. Called after the target has refused the call without doing
   * the requested work.
   */
  void endAttempt() {
    leave();
    Turn ending = turn;
    turn = null;
    if (ending != null && parts.record().isSent()) {
      ending.settle(PaceUse.ofCall(0, 0));
    } else if (ending != null) {
      ending.close();
    }
  }

  private void leave() {
    Attempt leaving = waiting;
    waiting = null;
    if (leaving != null) {
      Objects.requireNonNull(leaving.place).leave();
      waited(leaving);
    }
  }

  /**
   * Ends the turn. If the call still waits for a turn, leaves the queue. This method can be called
   * repeatedly.
   */
  void end() {
    Turn ending = turn;
    turn = null;
    try {
      leave();
      if (ending != null && parts.record().isSent()) {
        Objects.requireNonNull(current).settle(ending);
      }
    } finally {
      if (ending != null) {
        ending.close(); // has no effect on a settled turn
      }
    }
  }

  private void passed(Attempt attempt, Turn next) {
    if (waiting != attempt) {
      next.close();
      return;
    }
    waiting = null;
    turn = next;
    waited(attempt);
    RenewedPermission.ifBudgetsChanged(
        call, parts, () -> call.checkObjectsAgain(() -> goOn(attempt)));
  }

  private void goOn(Attempt attempt) {
    if (counts() && attempt.mayReturn()) {
      parts.body().keepForRepetition(true);
    }
    attempt.then.run();
  }

  /**
   * Whether the call has its turn and counts against the provider's limits, so that the outcome of
   * the call has to be reported.
   */
  boolean counts() {
    return turn != null && !turn.equals(Turn.FREE);
  }

  /**
   * Returns the rules that decide which answers are held back because they might be refusals due to
   * the account's rate limit.
   */
  RepeatGate.Kind gate(AuthorizedCall given, WireFormat format) {
    LimitHeaders limits = given.provider().limitHeaders(given.endpoint());
    Attempt attempt = Objects.requireNonNull(current);
    attempt.limits = limits;
    return new RepeatGate.Kind(
        head -> {
          learn(head);
          attempt.head = head;
          return attempt.mayReturn()
              && parts.body().canBeSentAgain()
              && PaceRefusals.mayBeOfPace(head.status().code());
        },
        refusal -> isTakenBack(attempt, refusal, format),
        () -> {
          parts.body().keepForRepetition(false);
          judgeByHead(attempt);
        });
  }

  /**
   * Records what an answer says about the provider's limits. This method can be called repeatedly.
   */
  private void learn(HttpResponse head) {
    Turn learning = turn;
    Attempt attempt = current;
    if (learning == null || attempt == null || attempt.limits == null) {
      return;
    }
    attempt.stated =
        attempt.limits.read(head.headers().iteratorCharSequence(), InstantSource.system());
    // Providers limit each model separately, so what an answer says about the limits of an unknown
    // model is useless.
    if (!attempt.stated.isEmpty() && attempt.model().isKnown() && isOfModel(head.status())) {
      learning.learn(attempt.model(), attempt.stated);
    }
  }

  /**
   * Whether an answer with this status proves that the model exists. Callers choose the model's
   * name, so other answers might be about a model that does not exist.
   */
  private static boolean isOfModel(HttpResponseStatus status) {
    return status.codeClass() == HttpStatusClass.SUCCESS
        || status.equals(HttpResponseStatus.TOO_MANY_REQUESTS);
  }

  /** Evaluates the head of an answer, even if the gateway then sends the call to another target. */
  void learnOfTarget(HttpResponse head) {
    learn(head);
    Attempt attempt = current;
    if (turn != null && attempt != null) {
      attempt.head = head;
      judgeByHead(attempt);
    }
  }

  /**
   * Reports an answer with status 429 that is due to the account's rate limit. The head is enough
   * for the report, so the body is not read.
   */
  private void judgeByHead(Attempt attempt) {
    HttpResponse head = attempt.head;
    if (head != null && PaceRefusals.mayBeOfPace(head.status().code())) {
      report(attempt, refusal(attempt, head, RetryAfter.of(head.headers()), false));
    }
  }

  private PaceRefusals.Refusal refusal(
      Attempt attempt, HttpResponse head, Optional<Duration> retryAfter, boolean ofAccount) {
    return new PaceRefusals.Refusal(
        head.status().code(),
        attempt.stated,
        retryAfter,
        ofAccount,
        turn != null && turn.isAboveLimit());
  }

  /**
   * Reports an answer with status 429 that is due to the account's rate limit, but at most one such
   * answer per attempt.
   */
  private void report(Attempt attempt, PaceRefusals.Refusal refusal) {
    if (!attempt.judged && PaceRefusals.isRateLimit(refusal)) {
      parts.record().reportRateLimited(attempt.terms);
    }
    attempt.judged = true;
  }

  /**
   * If the provider refused the call because of the account's rate limit, lets the call wait for
   * another turn.
   *
   * @return whether the gateway discards the refusal, so that the caller does not receive it
   */
  private boolean isTakenBack(Attempt attempt, HeldAnswer refusal, WireFormat format) {
    HttpResponse head = refusal.head();
    Turn refused = turn;
    ErrorReader.Reading error = refusal.reading(format);
    PaceRefusals.Refusal read =
        refusal(
            attempt,
            head,
            RetryAfter.of(head.headers()).or(error::retryDelay),
            error.meaning().isOfAccount());
    report(attempt, read);
    Optional<PaceRefusal> why = PaceRefusals.decide(read, attempt.terms.maxWait().minus(waited));
    if (refused == null || why.isEmpty()) {
      return false;
    }
    Optional<TurnDecision> next = refused.takeAnother(why.get());
    if (next.isEmpty() || next.get() instanceof TurnDecision.Refused) {
      return false;
    }
    turn = null;
    parts.record().reportRefused(parts.body());
    parts.provider().dropAnswered(parts.body().isSent());
    call.enter(CallPhase.WAITING);
    attempt.again(call::repeat);
    decided(attempt, next.get());
    return true;
  }

  private void refused(Attempt attempt, TurnRefusal why) {
    if (waiting == attempt) {
      waiting = null;
      waited(attempt);
      Optional<TurnRefusal> refusal = Optional.of(why);
      if (attempt.hasOtherTargets && hasOtherTargets(refusal)) {
        goToOtherTarget(refusal);
      } else {
        fail(attempt, why);
      }
    }
  }

  private void fail(Attempt attempt, TurnRefusal why) {
    if (why.reason() == TurnRefusal.Reason.EXHAUSTED) {
      parts.record().reportTurnRefused(attempt.terms);
    }
    TargetFailover targets = call.failover();
    call.fail(targets == null ? CapacityErrors.of(why) : targets.meaning(why));
  }

  private void waited(Attempt attempt) {
    Duration time = Duration.ofNanos(System.nanoTime() - attempt.began);
    waited = waited.plus(time.compareTo(LEAST_WAIT) < 0 ? LEAST_WAIT : time);
    parts.headers().waited(waited.toMillis());
    parts.record().addWait(attempt.terms, time);
  }

  /**
   * An attempt to send the call; it lasts from the request for a turn to the answer. Other threads
   * read only the immutable fields.
   */
  private final class Attempt implements WaitingCall {
    private final CapacityTerms terms;
    private final @Nullable RequestedUse asked;
    private final Optional<PaceUse> use;
    private final PaceCounting counting;
    private final long heldBytes;
    private final Duration before;

    /** Whether the call waits at this target; if false, the call goes to another target instead. */
    private final boolean stays = !hasOtherTargets(Optional.empty());

    private Runnable then;
    private long began = System.nanoTime();

    /**
     * The model of the call; null until it is known. The model is determined on the event loop,
     * which might still be receiving the body at first.
     */
    private @Nullable UsageModel model;

    /** The provider's headers about its limits; null until the request has been sent. */
    private @Nullable LimitHeaders limits;

    /** What the last answer says about the provider's limits. */
    private List<LimitStatement> stated = List.of();

    /** The place in the queue; null while the call does not wait. */
    private @Nullable Place place;

    /** The head of the last answer; null before the first answer. */
    private @Nullable HttpResponse head;

    /** Whether the call goes to another target if it does not get its turn at this target soon. */
    private boolean hasOtherTargets;

    /** Whether the gateway knows why the provider refused this attempt. */
    private boolean judged;

    /**
     * @param before the time for which the call waited in its earlier attempts
     */
    Attempt(
        CapacityTerms terms,
        @Nullable RequestedUse asked,
        long heldBytes,
        Duration before,
        Runnable then) {
      this.terms = terms;
      this.asked = asked;
      this.use = asked == null ? Optional.empty() : Optional.of(expected(terms, asked));
      this.counting = parts.permission().call().provider().paceCounting();
      this.heldBytes = heldBytes;
      this.before = before;
      this.then = then;
    }

    private PaceUse expected(CapacityTerms terms, RequestedUse of) {
      return parts.environment().estimates().expected(terms, of);
    }

    /** Ends the turn of this attempt after the attempt was sent. */
    void settle(Turn ending) {
      CallUse used =
          parts
              .record()
              .useOfTurn(parts.body(), parts.provider().answer(), Optional.ofNullable(asked));
      PaceUse counted = CallPace.used(used, use, counting);
      if (asked == null) {
        ending.settle(counted);
      } else {
        // The estimates are updated first: the end of this turn lets the next call begin, and that
        // call needs the estimates.
        parts.environment().estimates().observe(terms, asked, used, counting);
        ending.settle(counted, CallPace.taken(used, counted, asked, counting));
      }
    }

    /** Whether the call may wait for another turn after a refusal. */
    boolean mayReturn() {
      return terms.waitsAfterRefusal() && terms.maxWait().compareTo(waited) > 0;
    }

    /** Waits for another turn. */
    void again(Runnable next) {
      then = next;
      head = null;
      judged = false;
      began = System.nanoTime();
    }

    @Override
    public CapacityTerms terms() {
      return terms;
    }

    @Override
    public UsageModel model() {
      UsageModel known = model == null ? parts.body().model() : model;
      model = known.isKnown() ? known : null;
      return known;
    }

    @Override
    public Optional<PaceUse> use() {
      return use;
    }

    @Override
    public boolean mayTakeLess() {
      return !counting.cacheReads();
    }

    @Override
    public boolean mayDisplace() {
      return stays;
    }

    @Override
    public long heldBytes() {
      return heldBytes;
    }

    @Override
    public Duration waited() {
      return before;
    }

    @Override
    public void passed(Turn next, Duration unusedTime) {
      try {
        onLoop(() -> CallTurn.this.passed(this, next));
      } catch (RejectedExecutionException closed) {
        next.close();
      }
    }

    @Override
    public void refused(TurnRefusal why) {
      try {
        onLoop(() -> CallTurn.this.refused(this, why));
      } catch (RejectedExecutionException closed) {
        // The call has ended because the gateway has ended.
      }
    }

    /** Runs a task later, unless the gateway has ended by then. */
    void schedule(Runnable task, Duration delay) {
      Object unused = call.schedule(task, delay);
    }

    private void onLoop(Runnable task) {
      parts.caller().channel().eventLoop().execute(GuardedTask.of(task, call::broken));
    }
  }
}
