package io.claviger.application.budgets;

import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.spending.CallEstimate;
import io.claviger.domain.spending.CallUse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The reservation of a call in the budgets that the call is charged to. The first invocation of
 * {@link #settle} or {@link #close} ends the reservation. Later invocations do nothing. All methods
 * may be called on any thread and never block.
 */
public interface CallSpending extends AutoCloseable {
  /** The spending of a call without budgets. */
  CallSpending NONE =
      new CallSpending() {
        @Override
        public boolean isStrict() {
          return false;
        }

        @Override
        public Optional<CallCharge> settle(CallUse use) {
          return Optional.empty();
        }

        @Override
        public void close() {
          // Nothing is reserved.
        }
      };

  /**
   * Whether a strict budget is charged, either with the actual usage or with the whole reservation.
   */
  boolean isStrict();

  /**
   * Returns what remained of one of this call's budgets after its reservation.
   *
   * @return the budget with the smallest remaining fraction among the budgets that the caller may
   *     see; empty if the caller may see none
   */
  default Optional<BudgetLeft> left() {
    return Optional.empty();
  }

  /**
   * Returns the expected usage of the call. Empty if no budget or limit depends on the expected
   * usage.
   */
  default Optional<CallEstimate> estimate() {
    return Optional.empty();
  }

  /**
   * Returns the whole reservation to the budgets. If the call was not sent or the provider refused
   * the call, call this method before you make a reservation for another target of the call's
   * model. If no other target takes the call, {@link #settle} counts the call as a request,
   * provided that the budget still has room for a request. The reservation for a batch is not
   * returned.
   */
  default void giveBack() {
    // Nothing is reserved.
  }

  /**
   * Returns the batch for which the amount is reserved; empty if the amount is reserved for an
   * ordinary call.
   */
  default Optional<ReservedBatch> batch() {
    return Optional.empty();
  }

  /**
   * A batch that is about to be created. The batch's reservation outlives the call that creates the
   * batch, unless the call ends before it is sent.
   */
  interface ReservedBatch {
    /**
     * Records the provider's id of the batch. This method blocks while the database is queried.
     *
     * @return whether the id was recorded; if false, the whole reservation of the batch is charged
     *     in the end
     */
    boolean made(String id);

    /** Returns the reservation to the budgets, because the provider refused to create the batch. */
    void refused();
  }

  /**
   * Charges a call that was sent to the provider. Returns the charge. Empty if no budget needs a
   * price, or if the price of the model that answered is still being looked up.
   */
  Optional<CallCharge> settle(CallUse use);

  /**
   * Returns the charge that {@link #settle} began, if the price of the model that answered is still
   * being looked up.
   */
  default Optional<CompletableFuture<CallCharge>> later() {
    return Optional.empty();
  }

  /** Gives back the whole reservation of a call that was not sent. */
  @Override
  void close();
}
