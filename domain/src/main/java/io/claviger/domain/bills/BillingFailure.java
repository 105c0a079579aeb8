package io.claviger.domain.bills;

import io.claviger.domain.WireNamed;

/**
 * The reason why a provider's figures could not be read. If any request for the figures failed, no
 * figures are used.
 */
public enum BillingFailure implements WireNamed {
  NO_CREDENTIAL("The service has no billing credential."),
  CREDENTIAL_UNUSABLE("The stored billing credential can't be opened. Enter it again."),
  KEY_REJECTED("The provider rejects the billing credential."),
  RATE_LIMITED("The provider asks to be called less often."),
  ADDRESS_NOT_ALLOWED("Claviger may not connect to the address of the billing endpoint."),
  UNREACHABLE("The billing endpoint does not answer successfully."),
  TIMED_OUT("The billing endpoint did not answer in time."),
  BILL_TOO_LARGE(
      "The provider's figures are too large, or the figures of the owner's other services leave no"
          + " room for a day."),
  BILL_UNREADABLE("The provider's figures have an unknown form, or their pages never end."),
  OTHER_CURRENCY("The provider states costs in a currency other than dollars."),
  OTHER_ZONE("The provider's days do not begin at midnight of UTC."),
  OTHER_DAYS("The provider states a day that was not requested, or states a day twice."),
  AMOUNT_INVALID("The provider states an amount that is negative, not a number, or too large.");

  private final String explanation;

  BillingFailure(String explanation) {
    this.explanation = explanation;
  }

  /** Returns a sentence that explains the failure to the service's owner. */
  public String explanation() {
    return explanation;
  }
}
