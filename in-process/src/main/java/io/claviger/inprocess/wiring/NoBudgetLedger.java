package io.claviger.inprocess.wiring;

import io.claviger.application.budgets.port.BudgetLedger;
import io.claviger.application.shared.StoreUnavailable;
import java.util.List;
import java.util.UUID;

/** Holds no accounts. */
final class NoBudgetLedger implements BudgetLedger {
  @Override
  public List<Answer> exchange(UUID node, List<Exchange> each) {
    throw new StoreUnavailable(new IllegalStateException("no ledger"));
  }

  @Override
  public int writeOff() {
    return 0;
  }

  @Override
  public int removeOld() {
    return 0;
  }
}
