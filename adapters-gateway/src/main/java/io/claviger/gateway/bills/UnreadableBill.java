package io.claviger.gateway.bills;

import io.claviger.domain.bills.BillingFailure;

/** Thrown to stop reading a provider's figures, because Claviger can't use them. */
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
