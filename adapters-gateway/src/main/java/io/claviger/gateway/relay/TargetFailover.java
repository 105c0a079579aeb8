package io.claviger.gateway.relay;

import io.claviger.application.capacity.CapacityTurns.TurnRefusal;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.routing.ModelRouting.RoutedTarget;
import io.claviger.application.routing.ModelRouting.RoutingDecision.Routed;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.authorize.CallAuthorizer;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CapacityErrors;
import io.claviger.gateway.errors.CredentialErrors;
import io.claviger.gateway.out.ProviderConnection;
import io.claviger.gateway.out.ProviderListener;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends a call to the targets of a model, one after the other, if the model's settings permit
 * failover. Each target needs a separate permission. Only used on the event loop of the call.
 *
 * <p>The call goes to the next target only if the last target has certainly not processed the
 * request. Failover never switches between the caller's own key and a key that somebody else pays
 * for.
 */
final class TargetFailover {
  /** The maximum number of targets that a call may be sent to. */
  static final int MOST = 3;

  private final GatewayCall call;
  private final CallParts parts;
  private final RoutedCall routedCall;
  private final TargetCooldowns cooldowns;
  private final Routed routed;
  private final List<RoutedTarget> untried;
  private final Set<RoutedTarget> doubted = new HashSet<>();

  /** The targets without capacity for the call, in the order in which they were tried. */
  private final List<RoutedTarget> full = new ArrayList<>(0);

  /**
   * Whether some target can never have capacity for the call, because the call alone exceeds the
   * target's limit.
   */
  private boolean exceedsLimit;

  /** Whether the call waits, because no target has capacity. */
  private boolean waits;

  /** The names under which rate limits have counted the call, whichever target it was for. */
  private Set<String> counted = Set.of();

  private int attempts;
  private boolean allRest;

  /** The last target that could get the request; null before the first attempt. */
  private @Nullable Attempt last;

  private Runnable lastFailure = () -> {};

  /**
   * A target that can get the request.
   *
   * @param paysSelf whether the call uses the caller's own key
   * @param borrower the borrower who uses the target's capacity; empty if the target has no limits
   */
  private record Attempt(
      RoutedTarget target,
      boolean paysSelf,
      TargetCooldowns.CooldownKey key,
      Optional<UUID> borrower) {}

  TargetFailover(
      GatewayCall call,
      CallParts parts,
      RoutedCall routedCall,
      TargetCooldowns cooldowns,
      Routed routed) {
    this.call = call;
    this.parts = parts;
    this.routedCall = routedCall;
    this.cooldowns = cooldowns;
    this.routed = routed;
    this.untried =
        new ArrayList<>(routed.next() ? routed.targets() : routed.targets().subList(0, 1));
  }

  /**
   * Begins with the first target without a cooldown. If all targets have a cooldown, begins with
   * the target whose cooldown ends first.
   */
  void begin() {
    if (!isWatching()) {
      ask(untried.getFirst());
      return;
    }
    Optional<RoutedTarget> awake = nextAwake();
    allRest = awake.isEmpty();
    ask(awake.or(this::firstToWake).orElseThrow());
  }

  private Optional<RoutedTarget> firstToWake() {
    return untried.stream().min(Comparator.comparingLong(this::remaining));
  }

  private Optional<RoutedTarget> nextAwake() {
    return untried.stream().filter(target -> remaining(target) == 0).findFirst();
  }

  private long remaining(RoutedTarget target) {
    return isWatching()
        ? remaining(target, () -> routedCall.keyInUse(routedCall.request(target)))
        : 0;
  }

  private long remaining(
      RoutedTarget target, Supplier<Optional<TargetCooldowns.CooldownKey>> inUse) {
    return cooldowns.remaining(target.id(), target.model(), routed.caller(), inUse);
  }

  /**
   * Whether a target turns out to have a cooldown. The cooldown might have been unknown before the
   * authorization, because the cache did not know the target's key. Each target is skipped only
   * once for this reason.
   */
  private boolean isResting(RoutedTarget target, TargetCooldowns.CooldownKey inUse) {
    return isWatching()
        && !allRest
        && remaining(target, () -> Optional.of(inUse)) > 0
        && doubted.add(target);
  }

  private void ask(RoutedTarget target) {
    untried.remove(target);
    parts.permission().endAttempt();
    CallAuthorizer authorizer = routedCall.authorizer(target);
    authorizer.askAgain(counted, new Authorizing(target, authorizer));
  }

  /**
   * Tries the next target after a target has failed. If all targets with capacity have failed, the
   * call waits at the first target without capacity.
   */
  private void goOn() {
    if (attempts == MOST) {
      lastFailure.run();
    } else if (mayWaitElsewhere()) {
      askBeyondFull();
    } else {
      nextAwake().ifPresentOrElse(this::ask, lastFailure);
    }
  }

  private boolean isWatching() {
    return routed.next() && routed.targets().size() > 1;
  }

  /**
   * Returns the gate that can hold an answer back; null if no other target could get the call.
   *
   * @param format the format of the provider's answers
   */
  @Nullable AnswerGate gate(
      ProviderListener relay, ProviderConnection connection, WireFormat format, EventLoop loop) {
    if (!isWatching()) {
      return null;
    }
    if (call.keepsToTarget()) {
      routedCall.letGoOfBody();
      return null;
    }
    return new AnswerGate(relay, connection, format, this, loop, call::broken);
  }

  /**
   * Called if nothing was sent, because no connection could be opened or no token could be
   * obtained. If the gateway itself refuses to connect to the endpoint, there is no failover.
   *
   * @return whether the call has ended or is sent to another target
   */
  boolean isTakenOver(CallError why) {
    boolean isOfTarget =
        why.equals(CallError.PROVIDER_UNREACHABLE) || CredentialErrors.isOfOneTarget(why);
    if (!isWatching() || call.keepsToTarget() || !isOfTarget) {
      return false;
    }
    recordFailure(Optional.empty());
    lastFailure = () -> call.fail(why);
    call.enter(CallPhase.SWITCHING);
    goOn();
    return true;
  }

  /** Called with the head of each answer, even if the caller does not receive this answer. */
  void headArrived(HttpResponse head) {
    call.learnOfLimits(head);
  }

  /**
   * Called if the target has answered without doing the work. Sends the call to another target, or
   * opens the gate for this answer.
   *
   * @param retryAfter the time for which the provider asks callers to wait
   */
  void notDone(AnswerGate gate, Optional<Duration> retryAfter) {
    gate.rejection().ifPresent(call::keyRejected);
    recordFailure(retryAfter);
    lastFailure =
        () -> {
          call.enter(CallPhase.FORWARDING);
          routedCall.letGoOfBody();
          gate.open();
        };
    call.enter(CallPhase.SWITCHING);
    goOn();
  }

  /** Called if the target has succeeded, or if every other target would give the same answer. */
  void answeredFinally() {
    cooldowns.recordSuccess(tried());
    routedCall.letGoOfBody();
  }

  /**
   * Whether the call is sent to another target if the current target has no capacity. If no target
   * has capacity, the call waits at the first target. If the call is too large for the current
   * target, even a target with a cooldown gets the call.
   *
   * @param refusal the reason why the call can't wait at the current target; empty if it can
   */
  boolean hasOtherTargets(Optional<TurnRefusal> refusal) {
    return isWatching()
        && !waits
        && !call.keepsToTarget()
        && (!full.isEmpty()
            || (isTooLarge(refusal) ? !untried.isEmpty() : nextAwake().isPresent()));
  }

  /**
   * Returns the error for a call that gets no turn at its target, and goes to no other target. If
   * an earlier target has failed, a later call might succeed there, even if this call is too large
   * for the current target.
   */
  CallError meaning(TurnRefusal refusal) {
    return attempts > 1 && isTooLarge(Optional.of(refusal))
        ? CapacityErrors.NO_ROOM
        : CapacityErrors.of(refusal);
  }

  private static boolean isTooLarge(Optional<TurnRefusal> refusal) {
    return refusal.filter(why -> why.reason() == TurnRefusal.Reason.TOO_LARGE).isPresent();
  }

  /**
   * Called if the current target has no immediate capacity for the call. A target without immediate
   * capacity does not count as an attempt. If no target has capacity, the call waits at the first
   * target whose limit it does not exceed. If that target fails after the wait, the other targets
   * are tried again.
   *
   * @param refusal the reason why the call can't wait at the current target; empty if it can
   */
  void goToOtherTarget(Optional<TurnRefusal> refusal) {
    Optional<TurnRefusal> tooLarge =
        refusal.filter(why -> why.reason() == TurnRefusal.Reason.TOO_LARGE);
    boolean isOnly = attempts == 1 && full.isEmpty();
    CallError error =
        tooLarge.filter(why -> isOnly).map(CapacityErrors::of).orElse(CapacityErrors.NO_ROOM);
    if (tooLarge.isPresent()) {
      exceedsLimit = true;
    } else {
      full.add(attempted().target());
    }
    attempts--;
    lastFailure = () -> call.fail(error); // an earlier answer is gone by now
    call.enter(CallPhase.SWITCHING);
    parts.permission().giveBack();
    askBeyondFull();
  }

  private void askBeyondFull() {
    Optional<RoutedTarget> next = nextAwake();
    if (next.isPresent()) {
      ask(next.get());
    } else if (full.isEmpty()) {
      allRest = true;
      firstToWake().ifPresentOrElse(this::ask, lastFailure);
    } else {
      waits = true;
      untried.addAll(0, full);
      ask(full.getFirst());
    }
  }

  /**
   * Whether the call can still wait at a target that had no capacity. If the result is true, a
   * target that does not take the call is skipped.
   */
  private boolean mayWaitElsewhere() {
    return !full.isEmpty() && !waits;
  }

  private void recordFailure(Optional<Duration> retryAfter) {
    Attempt failed = attempted();
    cooldowns.recordFailure(tried(), failed.key(), routed.caller(), failed.borrower(), retryAfter);
  }

  private TargetCooldowns.CooldownTarget tried() {
    Attempt tried = attempted();
    return new TargetCooldowns.CooldownTarget(
        tried.target().id(),
        tried.target().model(),
        tried.paysSelf() ? Optional.of(routed.caller()) : Optional.empty());
  }

  private Attempt attempted() {
    return Objects.requireNonNull(last);
  }

  private void permitted(RoutedTarget target, AuthorizedCall given, CallAuthorizer authorizer) {
    count(given.basis().charging().rates());
    boolean own = given.source() == KeySource.USER;
    if (last != null && own != last.paysSelf()) {
      given.close();
      goOn();
      return;
    }
    TargetCooldowns.CooldownKey inUse = TargetCooldowns.CooldownKey.of(given.basis());
    if (isResting(target, inUse)) {
      given.close();
      untried.add(target);
      if (mayWaitElsewhere()) {
        askBeyondFull();
      } else if (attempts == 0) {
        begin();
      } else {
        goOn();
      }
      return;
    }
    Attempt before = last;
    last = new Attempt(target, own, inUse, given.terms().capacity().map(CapacityTerms::borrower));
    attempts++;
    boolean isLast = attempts == 1 && !mayWaitElsewhere();
    if (!routedCall.attempt(given, authorizer, target, attempts, isLast)) {
      last = before;
      if (mayWaitElsewhere()) {
        attempts--;
        askBeyondFull();
      } else {
        lastFailure.run();
      }
    } else if (!isWatching()) {
      routedCall.letGoOfBody();
    }
  }

  /** Records rates that count the call, so that they do not count it again for another target. */
  private void count(List<String> rates) {
    if (isWatching() && !counted.containsAll(rates)) {
      Set<String> all = new HashSet<>(counted);
      all.addAll(rates);
      counted = Collections.unmodifiableSet(all);
    }
  }

  private final class Authorizing extends CallStep<AuthorizationOutcome> {
    private final RoutedTarget target;
    private final CallAuthorizer authorizer;

    Authorizing(RoutedTarget target, CallAuthorizer authorizer) {
      super(call);
      this.target = target;
      this.authorizer = authorizer;
    }

    @Override
    void next(AuthorizationOutcome outcome) {
      switch (outcome) {
        case AuthorizationOutcome.Authorized whole -> permitted(target, whole.call(), authorizer);
        case AuthorizationOutcome.Admitted byHead ->
            throw new IllegalStateException(
                "a target must be authorized with the body, not only by the head");
        case AuthorizationOutcome.Refused refused -> {
          if (mayWaitElsewhere()) {
            askBeyondFull();
          } else if (attempts == 0 && !(exceedsLimit && full.isEmpty())) {
            call.fail(parts.permission().refused(refused, authorizer));
          } else {
            refused.caller().ifPresent(parts.record()::setCaller);
            lastFailure.run();
          }
        }
      }
    }

    @Override
    void drop(AuthorizationOutcome late) {
      late.close();
    }

    /**
     * Ends a refused call. The refusal does not count as a failure of the target. The call is not
     * sent to another target. If an earlier target has failed, the caller gets that target's
     * answer.
     */
    @Override
    void stop(CallError why) {
      if (attempts == 0) {
        call.fail(why);
      } else {
        lastFailure.run();
      }
    }
  }
}
