package io.claviger.application.budgets;

import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.usage.TokenUsage;
import java.util.Optional;

/**
 * What is reserved for one call of the budgets that it is charged to. It ends once, by {@link
 * #settle} or by {@link #close}; whatever comes later is ignored. All methods may be called on any
 * thread and never block.
 */
public interface CallSpending extends AutoCloseable {
  /** The spending of a call that no budget bounds. */
  CallSpending NONE =
      new CallSpending() {
        @Override
        public Optional<CallCharge> settle(TokenUsage usage, boolean failed) {
          return Optional.empty();
        }

        @Override
        public void close() {
          // Nothing is reserved.
        }
      };

  /**
   * Charges a call that was sent to the provider.
   *
   * @param usage as it is recorded
   * @param failed whether the provider answered with an error
   * @return what budgets are charged; empty where none needed a price
   */
  Optional<CallCharge> settle(TokenUsage usage, boolean failed);

  /** Returns all that was reserved, for a call that was never sent. */
  @Override
  void close();
}
