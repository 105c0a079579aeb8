package io.claviger.application.budgets;

import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.spending.CallEstimate;
import io.claviger.domain.spending.CallUse;
import java.util.Optional;

/**
 * The reservation of one call in the budgets to which the call is charged. The reservation ends
 * with the first call of {@link #settle} or {@link #close}; later calls do nothing. All methods may
 * be called on any thread and never block.
 */
public interface CallSpending extends AutoCloseable {
  /** The spending of a call that no budget limits. */
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
   * Whether a strict budget is charged, either with the use of the call or with everything that was
   * reserved.
   */
  boolean isStrict();

  /**
   * Returns the amounts that the budgets of this call leave for further calls.
   *
   * @return the budget with the smallest part left, among the budgets that the caller may see;
   *     empty if there is no such budget
   */
  default Optional<BudgetLeft> left() {
    return Optional.empty();
  }

  /**
   * Returns the expected use of the call; empty if no budget or limit depends on the expected use.
   */
  default Optional<CallEstimate> estimate() {
    return Optional.empty();
  }

  /**
   * Gives the whole reservation back to the budgets. This is for a call that was not sent, or that
   * the provider has refused, if the next reservation is made for another target of the call's
   * model. If no other target takes the call, {@link #settle} counts it as a request if the budget
   * still has room for a request. The reservation for a batch is not returned.
   */
  default void giveBack() {
    // Nothing is reserved.
  }

  /** Returns the batch for which this reservation is made; empty for an ordinary call. */
  default Optional<ReservedBatch> batch() {
    return Optional.empty();
  }

  /**
   * A batch that is about to be made. The reservation for the batch outlives the call that creates
   * the batch, unless the call ends before it is sent.
   */
  interface ReservedBatch {
    /**
     * Records the provider's id of the batch. This method blocks while the database is queried.
     *
     * @return whether the id was recorded; if it was not, the whole reservation of the batch is
     *     counted as used in the end
     */
    boolean made(String id);

    /** Returns the reservation, because the provider has refused to create the batch. */
    void refused();
  }

  /**
   * Charges a call that was sent to the provider. Returns the charge of the budgets; empty if no
   * budget needed a price, or if the price of the model that answered is still being looked up.
   */
  Optional<CallCharge> settle(CallUse use);

  /** Returns the whole reservation of a call that was never sent. */
  @Override
  void close();
}
