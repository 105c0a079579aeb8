package io.claviger.application.capacity;

import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.fairness.LimitStatement;
import io.claviger.domain.fairness.PaceLimit;
import io.claviger.domain.fairness.PaceRefusal;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.usage.UsageModel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Sends calls at the pace that their providers allow, and makes borrowers take turns if this pace
 * is not enough for all of them. All methods may be called on any thread and never block.
 */
public interface CapacityTurns {
  /** Admits every call without a wait. */
  CapacityTurns UNLIMITED =
      new CapacityTurns() {
        @Override
        public boolean readsBody(CapacityTerms terms) {
          return false;
        }

        @Override
        public TurnDecision take(WaitingCall call) {
          return TurnDecision.Passed.FREE;
        }
      };

  /**
   * Whether the bodies of calls have to be read before the calls get their turn, because the turn
   * depends on the use that a call requests.
   */
  boolean readsBody(CapacityTerms terms);

  /** Admits a call, makes it wait, or refuses it. */
  TurnDecision take(WaitingCall call);

  /**
   * A call that is to be sent to its provider. If the call has to wait, {@link #passed} or {@link
   * #refused} is called once, perhaps before {@link #take} has returned. Both methods return
   * quickly and throw nothing.
   */
  interface WaitingCall {
    CapacityTerms terms();

    /** The provider's name of the model; unknown if the body was not read. */
    UsageModel model();

    /**
     * Returns the greatest use that the call may have, as far as it is known; empty if the body was
     * not read.
     */
    Optional<PaceUse> use();

    /**
     * Whether the call may use much less than {@link #use} says, because the provider does not
     * count input that it reads from a cache. If this method returns true, the call is not refused
     * because of its input.
     */
    default boolean mayTakeLess() {
      return false;
    }

    /** Returns how many bytes of memory the call occupies while it waits. */
    long heldBytes();

    /** Returns how long the call has already waited, for example at other targets of its model. */
    Duration waited();

    /**
     * The call may be sent now. This method is called on any thread, and only after a wait.
     *
     * @param turn owned by the callee from now on
     */
    void passed(Turn turn, Duration waited);

    /** The call is refused. This method is called on any thread, and only after a wait. */
    void refused(TurnRefusal why);
  }

  /** The outcome for a call. */
  sealed interface TurnDecision {
    /**
     * @param turn owned by the receiver from now on
     */
    record Passed(Turn turn) implements TurnDecision {
      /** A call that no account counts. */
      public static final Passed FREE = new Passed(Turn.FREE);
    }

    record Waits(Place place) implements TurnDecision {}

    record Refused(TurnRefusal why) implements TurnDecision {}
  }

  /** The place of a waiting call in the queue in which it waits. */
  interface Place {
    /**
     * Leaves the queue. After this method has returned, neither {@link WaitingCall#passed} nor
     * {@link WaitingCall#refused} is called, unless another thread is already calling one of them.
     */
    void leave();
  }

  /**
   * The turn of a call that is sent. It ends with the first call of {@link #settle} or {@link
   * #close}; later calls have no effect.
   */
  interface Turn extends AutoCloseable {
    /** The turn of a call that no account counts. */
    Turn FREE =
        new Turn() {
          @Override
          public void learn(UsageModel model, List<LimitStatement> stated) {
            // No account counts this call, so none can learn from the answer.
          }

          @Override
          public boolean isAboveLimit() {
            return false;
          }

          @Override
          public Optional<TurnDecision> takeAnother(PaceRefusal refusal) {
            return Optional.empty();
          }

          @Override
          public void settle(PaceUse used) {
            // Nothing was counted.
          }

          @Override
          public void close() {
            // Nothing was counted.
          }
        };

    /**
     * Records the statements of the answer about the provider's limits.
     *
     * @param model the model to which these limits apply; unknown if they apply to all models
     *     together
     */
    void learn(UsageModel model, List<LimitStatement> stated);

    /** Whether the call alone is expected to use more than one of the limits allows in a minute. */
    boolean isAboveLimit();

    /**
     * Puts the call back before the other calls of its borrower, because the provider refused it
     * for exceeding the account's pace. After this method has returned, this turn has ended.
     *
     * @return the outcome for the call; empty if the call may not wait again, so that its caller
     *     gets the provider's refusal
     */
    Optional<TurnDecision> takeAnother(PaceRefusal refusal);

    /** Ends the turn of a call that was sent, and counts the call's use. */
    void settle(PaceUse used);

    /**
     * Ends the turn of a call that was sent.
     *
     * @param taken the part of the use that counted against the provider's limits; this part is
     *     counted as the borrower's use
     */
    default void settle(PaceUse used, PaceUse taken) {
      settle(used);
    }

    /** Ends the turn of a call that was not sent, and counts no use. */
    @Override
    void close();
  }

  /**
   * Why a call is not sent.
   *
   * @param limit the limit that is used up; empty if there is another reason
   * @param retryAfter the time after which the same call may be sent
   */
  record TurnRefusal(Reason reason, Optional<PaceLimit> limit, Duration retryAfter) {
    /** The kinds of refusals. */
    public enum Reason {
      /** The provider's limit is used up, and no further call can wait. */
      EXHAUSTED,
      /** The call alone exceeds the amount that the provider allows in a minute. */
      TOO_LARGE,
      /** The database, which knows the remaining amounts, does not answer. */
      UNAVAILABLE,
      /** The node has reached the greatest number of capacities whose turns it can manage. */
      CROWDED
    }
  }
}
