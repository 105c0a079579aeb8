package io.claviger.domain.webhooks;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetHolder;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Optional;
import java.util.UUID;

/** What the user of a webhook is told. */
public sealed interface WebhookMessage {
  /** The id, which is the same in each attempt to deliver the message. */
  UUID id();

  /** Whose name the message says. */
  BudgetHolder holder();

  /** When what it tells happened. */
  Instant createdAt();

  /**
   * A budget has been used up to a threshold.
   *
   * @param holder the name of the user or group whose use was counted
   * @param threshold the threshold in percent
   * @param amount what the budget allowed at the time, with raises, in the smallest part of its
   *     unit
   * @param settled what was used up at the time, in the same parts
   * @param resetsAt when the window ends; empty for one that never ends
   * @param createdAt when the threshold was reached
   */
  record ThresholdReached(
      UUID id,
      BudgetHolder holder,
      Budget.Key budget,
      int threshold,
      long amount,
      long settled,
      Instant windowStartsAt,
      Optional<Instant> resetsAt,
      Instant createdAt)
      implements WebhookMessage {}

  /**
   * Much of a provider's bill is unexplained.
   *
   * @param service the id of the service
   * @param theirs what the provider bills for the month, in nano-dollars, as are the others
   * @param ours what Claviger counted
   */
  record BillUnexplained(
      UUID id,
      UUID service,
      YearMonth month,
      long theirs,
      long ours,
      long unexplained,
      Instant createdAt)
      implements WebhookMessage {
    @Override
    public BudgetHolder holder() {
      return BudgetHolder.service(service);
    }
  }
}
