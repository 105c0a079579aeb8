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
 * Sends calls at the pace that their providers allow. If a provider's pace is too low for all
 * borrowers, the borrowers take turns. All methods may be called on any thread and never block.
 */
public interface CapacityTurns {
  /**
   * The time for which a call might have to wait until this node gets a part of the limits, even if
   * there is no other call before it. The node first has to ask the database.
   */
  Duration FIRST_GRANT = Duration.ofMillis(300);

  /** Admits every call without waiting. */
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
   * Whether the gateway has to read a call's body before the call's turn, because the turn depends
   * on how much the body requests.
   */
  boolean readsBody(CapacityTerms terms);

  /** Admits a call, makes it wait, or refuses it. */
  TurnDecision take(WaitingCall call);

  /**
   * A call that is to be sent to its provider. If the call has to wait, either {@link #passed} or
   * {@link #refused} is called once, possibly before {@link #take} has returned. {@link #passed}
   * and {@link #refused} return quickly and throw nothing.
   */
  interface WaitingCall {
    CapacityTerms terms();

    /** The provider's name for the model; unknown if the body was not read. */
    UsageModel model();

    /**
     * Returns the maximum usage of the call, as far as it is known; empty if the body was not read.
     */
    Optional<PaceUse> use();

    /**
     * Whether the call might use much less than {@link #use} returns, because the provider does not
     * count cached input. If the result is true, the call is never refused because of its input.
     */
    default boolean mayTakeLess() {
      return false;
    }

    /**
     * Whether other waiting calls can lose their places to the call if too many calls wait. The
     * result is false for a call that goes to another target instead of waiting for long.
     */
    default boolean mayDisplace() {
      return true;
    }

    /** Returns how many bytes of memory the call occupies while it waits. */
    long heldBytes();

    /** Returns how long the call has already waited, for example at other targets of its model. */
    Duration waited();

    /**
     * The call may be sent now. Called on any thread, and only after a wait.
     *
     * @param turn the turn, which the callee owns from now on
     */
    void passed(Turn turn, Duration waited);

    /** The call is refused. Called on any thread, and only after a wait. */
    void refused(TurnRefusal why);
  }

  /** The decision about a call. */
  sealed interface TurnDecision {
    /**
     * @param turn the turn, which the receiver owns from now on
     */
    record Passed(Turn turn) implements TurnDecision {
      /** A call that counts toward no account. */
      public static final Passed FREE = new Passed(Turn.FREE);
    }

    record Waits(Place place) implements TurnDecision {}

    record Refused(TurnRefusal why) implements TurnDecision {}
  }

  /** The place of a waiting call in its queue. */
  interface Place {
    /**
     * Leaves the queue. After this method, neither {@link WaitingCall#passed} nor {@link
     * WaitingCall#refused} is called, unless another thread is already calling one of these
     * methods.
     */
    void leave();

    /**
     * Leaves the queue like {@link #leave}, because the call goes to another target. The capacity
     * that the call wanted is still requested for later calls of the borrower. Without such
     * requests, the borrower would never get a share of this target.
     */
    void leaveForOtherTarget();

    /**
     * Whether the call waits only because this node has not been granted a part of the limits yet.
     * A call that waits for this reason usually waits no longer than {@link #FIRST_GRANT}, and the
     * limits might still have room for it.
     */
    boolean awaitsFirstGrant();
  }

  /**
   * The turn of a call that is sent. The first invocation of {@link #settle} or {@link #close} ends
   * the turn. Later invocations have no effect.
   */
  interface Turn extends AutoCloseable {
    /** The turn of a call that counts toward no account. */
    Turn FREE =
        new Turn() {
          @Override
          public void learn(UsageModel model, List<LimitStatement> stated) {
            // No account counts this call, so no account can learn limits from the answer.
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
     * Records what the provider's answer states about its limits.
     *
     * @param model the model with these limits; unknown if the limits apply to all models together
     */
    void learn(UsageModel model, List<LimitStatement> stated);

    /** Whether the call alone is expected to exceed the amount that a limit allows per minute. */
    boolean isAboveLimit();

    /**
     * Puts the call before the borrower's other waiting calls, because the provider refused the
     * call for exceeding the account's pace. This method ends the turn.
     *
     * @return the decision about the call; empty if the call may not wait again, so that the caller
     *     gets the provider's refusal
     */
    Optional<TurnDecision> takeAnother(PaceRefusal refusal);

    /** Ends the turn of a call that was sent, and counts the call's usage. */
    void settle(PaceUse used);

    /**
     * Ends the turn of a call that was sent.
     *
     * @param taken the part of the call's usage that counts toward the provider's limits and toward
     *     the borrower's turns
     */
    default void settle(PaceUse used, PaceUse taken) {
      settle(used);
    }

    /** Ends the turn of a call that was not sent, and counts no usage. */
    @Override
    void close();
  }

  /**
   * Why a call is not sent.
   *
   * @param limit the limit that is used up; empty if the refusal has another reason
   * @param retryAfter the time to wait before the same call is sent again
   */
  record TurnRefusal(Reason reason, Optional<PaceLimit> limit, Duration retryAfter) {
    /** The kinds of refusals. */
    public enum Reason {
      /** The provider's limit is used up, and no further call can wait. */
      EXHAUSTED,
      /** The call alone exceeds the amount that the provider allows per minute. */
      TOO_LARGE,
      /** The database does not answer, so the remaining amounts are unknown. */
      UNAVAILABLE,
      /** The node already manages the maximum number of capacities. */
      CROWDED
    }
  }
}
