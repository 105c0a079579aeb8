package io.claviger.gateway.bills;

import io.claviger.domain.bills.BillingFailure;

/** Thrown to end the reading of a provider's figures, because they can't be used. */
public final class UnreadableBill extends RuntimeException {
  private final BillingFailure why;

  public UnreadableBill(BillingFailure why) {
    super(why.wireName(), null, false, false);
    this.why = why;
  }

  public BillingFailure why() {
    return why;
  }
}
