package io.claviger.application.budgets;

import io.claviger.application.budgets.port.BudgetLedger;
import java.util.List;
import java.util.function.LongSupplier;

/** The portions of budgets that this node has leased, of which calls reserve what they may cost. */
public final class BudgetReservations {
  private static final ReserveDecision UNKNOWN = new ReserveDecision.Unknown();
  private static final ReserveDecision FREE = new ReserveDecision.Reserved(Reservation.NONE);

  private final BudgetLedger ledger;
  private final LongSupplier nanos;

  /**
   * @param nanos a clock that only goes forward, in nanoseconds
   */
  public BudgetReservations(BudgetLedger ledger, LongSupplier nanos) {
    this.ledger = ledger;
    this.nanos = nanos;
  }

  /** Reserves all that is wanted or nothing, of what this node has leased. Never blocks. */
  public ReserveDecision reserveAtOnce(List<Wanted> wanted) {
    return wanted.isEmpty() ? FREE : UNKNOWN;
  }

  /**
   * Reserves all that is wanted or nothing, and leases more where this node has too little. May ask
   * the database; never {@link ReserveDecision.Unknown}.
   *
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer
   */
  public ReserveDecision reserve(List<Wanted> wanted) {
    return wanted.isEmpty() ? FREE : UNKNOWN;
  }
}
