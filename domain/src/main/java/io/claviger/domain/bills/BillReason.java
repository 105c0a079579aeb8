package io.claviger.domain.bills;

import io.claviger.domain.WireNamed;

/** A reason why a provider's bill differs from what Claviger counted. */
public enum BillReason implements WireNamed {
  OWN_KEYS("Callers used their own keys, and the provider bills these calls to the callers."),
  OTHER_KEYS("Calls were made with other keys, outside of Claviger."),
  ESTIMATED("The provider did not state the usage of some calls, so Claviger estimated it."),
  LATE_ANSWERS("Answers were cut off, and the provider billed them in full."),
  DISPUTED(
      "The provider stated more usage than calls can have had. Claviger charged nobody for it."),
  FAILED_CALLS("The provider billed calls that it answered with an error."),
  BILLED_TWICE(
      "The provider counts a few more calls with this key than were sent through Claviger."),
  CACHE_WRITES("The provider and Claviger disagree about how much input was written to a cache."),
  CACHED_INPUT("The provider and Claviger disagree about how much input was read from a cache."),
  TIME_ZONE(
      "The provider assigns calls that were made around midnight (UTC) to the day before or after."),
  BATCHES("The provider counts batches on the days when they end, up to two days later."),
  ANOTHER_MODEL("The provider bills calls under the name of another model."),
  TIER("The provider bills calls in another service tier."),
  FEES("The provider bills tools or images that Claviger counts differently or not at all."),
  NO_PRICE("The model had no price in Claviger, so its calls cost nothing here."),
  PRICE("The tokens are the same. The provider's price differs from the price in Claviger."),
  ROUNDING("The provider and Claviger round differently."),
  RUNNING_DAY("The day is not over, and the provider may still add calls."),
  NOT_READ("The provider's figures of these days have not been read.");

  private final String explanation;

  BillReason(String explanation) {
    this.explanation = explanation;
  }

  /** Returns a sentence that explains the reason to the service's owner. */
  public String explanation() {
    return explanation;
  }
}
