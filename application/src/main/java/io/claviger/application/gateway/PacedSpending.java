package io.claviger.application.gateway;

import io.claviger.application.budgets.BudgetLeft;
import io.claviger.application.budgets.CallSpending;
import io.claviger.application.gateway.PaceLimiter.PacePermit;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.spending.CallEstimate;
import io.claviger.domain.spending.CallUse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The spending of a call that has also reserved tokens per minute or a place among the concurrent
 * calls. The spending and the other reservations end together.
 */
record PacedSpending(CallSpending spending, PacePermit permit) implements CallSpending {
  @Override
  public boolean isStrict() {
    return spending.isStrict();
  }

  @Override
  public Optional<BudgetLeft> left() {
    return spending.left();
  }

  @Override
  public Optional<CallEstimate> estimate() {
    return spending.estimate();
  }

  @Override
  public Optional<ReservedBatch> batch() {
    return spending.batch();
  }

  @Override
  public void giveBack() {
    try {
      permit.close();
    } finally {
      spending.giveBack();
    }
  }

  @Override
  public Optional<CallCharge> settle(CallUse use) {
    try {
      return spending.settle(use);
    } finally {
      settlePermit(use);
    }
  }

  private void settlePermit(CallUse use) {
    try {
      permit.settle(
          spending.estimate().map(estimate -> estimate.usedPace(use)).orElse(PaceUse.NONE));
    } finally {
      permit.close();
    }
  }

  @Override
  public Optional<CompletableFuture<CallCharge>> later() {
    return spending.later();
  }

  @Override
  public void close() {
    try {
      permit.close();
    } finally {
      spending.close();
    }
  }
}
