package io.claviger.application.builders;

import io.claviger.application.budgets.port.BudgetLedger.Demand;
import io.claviger.application.budgets.port.BudgetLedger.LedgerExchange;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetMeter;
import java.util.Optional;

/** What a node that holds nothing of an account tells the ledger. */
public final class AnExchange {
  private AnExchange() {}

  /** A new node asks for the state of the current window, and leases nothing. */
  public static LedgerExchange asking(BudgetMeter meter) {
    return wanting(BudgetAccount.of(meter), 1, Demand.none(meter.budget().amount()));
  }

  /** Returns an exchange that wants to lease in the current window. */
  public static LedgerExchange wanting(BudgetAccount account, long sequence, Demand demand) {
    return new LedgerExchange(
        account, Optional.empty(), Optional.empty(), sequence, sequence, 0, 0, demand, 0);
  }
}
