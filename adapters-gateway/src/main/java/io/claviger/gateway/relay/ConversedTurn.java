package io.claviger.gateway.relay;

import io.claviger.application.capacity.CapacityTurns.Place;
import io.claviger.application.capacity.CapacityTurns.Turn;
import io.claviger.application.capacity.CapacityTurns.TurnDecision;
import io.claviger.application.capacity.CapacityTurns.TurnRefusal;
import io.claviger.application.capacity.CapacityTurns.WaitingCall;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.fairness.PaceCounting;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.spending.CallPace;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.UsageModel;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CapacityErrors;
import io.claviger.gateway.wire.GuardedTask;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A turn, which is the permission to send requests now, within the limits of a provider's account.
 * The turn is either for one response in a conversation, or for all requests of a list to one
 * service. Such a turn counts like the turn of a call. Only used on the event loop of the
 * conversation or list.
 */
final class ConversedTurn implements WaitingCall {
  /**
   * Receives the decision whether the response may be requested. Exactly one method is called, and
   * only once. If the turn is closed first, no method is called.
   */
  interface Receiver {
    /**
     * @param atOnce whether the turn was given without a wait. During a wait, the permission of the
     *     call might have been withdrawn
     */
    void passed(boolean atOnce);

    void refused(CallError why);

    void failed(Throwable why);
  }

  private final CallParts parts;
  private final CapacityTerms terms;
  private final RequestedUse asked;
  private final PaceCounting counting;
  private final Optional<PaceUse> use;
  private final Receiver receiver;
  private final long began = System.nanoTime();
  private @Nullable Turn turn;
  private @Nullable Place place;
  private long waited;
  private boolean over;

  ConversedTurn(
      CallParts parts,
      CapacityTerms terms,
      RequestedUse asked,
      PaceCounting counting,
      Receiver receiver) {
    this.parts = parts;
    this.terms = terms;
    this.asked = asked;
    this.counting = counting;
    this.use =
        parts.environment().turns().readsBody(terms)
            ? Optional.of(parts.environment().estimates().expected(terms, asked))
            : Optional.empty();
    this.receiver = receiver;
  }

  void take() {
    switch (parts.environment().turns().take(this)) {
      case TurnDecision.Passed passed -> {
        turn = passed.turn();
        receiver.passed(true);
      }
      case TurnDecision.Refused refused -> refuse(refused.why());
      case TurnDecision.Waits waits -> place = waits.place();
    }
  }

  private void refuse(TurnRefusal why) {
    over = true;
    if (why.reason() == TurnRefusal.Reason.EXHAUSTED) {
      parts.record().reportTurnRefused(terms);
    }
    receiver.refused(CapacityErrors.of(why));
  }

  /** Ends the turn of a requested response. */
  void settle(CallUse used) {
    over = true;
    if (turn != null) {
      PaceUse counted = CallPace.used(used, use, counting);
      if (use.isPresent()) {
        // As in CallTurn, the next response that begins needs the estimates.
        parts.environment().estimates().observe(terms, asked, used, counting);
      }
      turn.settle(counted, CallPace.taken(used, counted, asked, counting));
    }
  }

  /**
   * Ends the turn of a list that has sent the given number of requests. This method can be called
   * repeatedly.
   */
  void settleRequests(int requests) {
    if (requests == 0) {
      close();
    } else if (turn != null) {
      over = true;
      turn.settle(new PaceUse(requests, 0, 0));
    }
  }

  /**
   * Gives back an unused turn, or leaves the queue for a turn. Does nothing after {@link #settle}.
   */
  void close() {
    over = true;
    if (turn != null) {
      turn.close();
    } else if (place != null) {
      place.leave();
    }
  }

  @Override
  public CapacityTerms terms() {
    return terms;
  }

  @Override
  public UsageModel model() {
    return asked.model();
  }

  @Override
  public Optional<PaceUse> use() {
    return use;
  }

  @Override
  public long heldBytes() {
    return asked.bodyBytes();
  }

  @Override
  public Duration waited() {
    return Duration.ZERO;
  }

  @Override
  public void passed(Turn next, Duration waited) {
    try {
      onLoop(() -> goOn(next));
    } catch (RejectedExecutionException closed) {
      next.close();
    }
  }

  private void goOn(Turn next) {
    if (over) {
      next.close();
      return;
    }
    turn = next;
    countWait();
    receiver.passed(false);
  }

  @Override
  public void refused(TurnRefusal why) {
    try {
      onLoop(
          () -> {
            if (!over) {
              countWait();
              refuse(why);
            }
          });
    } catch (RejectedExecutionException closed) {
      // The conversation has ended because the gateway has ended.
    }
  }

  private void countWait() {
    waited = System.nanoTime() - began;
    parts.record().addWait(terms, Duration.ofNanos(waited));
  }

  /** The time for which the response waited for its turn, in nanoseconds. */
  long waitedNanos() {
    return waited;
  }

  private void onLoop(Runnable task) {
    parts.caller().channel().eventLoop().execute(GuardedTask.of(task, receiver::failed));
  }
}
