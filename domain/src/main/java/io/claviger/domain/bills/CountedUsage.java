package io.claviger.domain.bills;

import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.UsageCounts;
import java.time.LocalDate;

/**
 * The usage that Claviger counted for a service on one day (UTC), with one model and service tier.
 *
 * @param model the model that answered or, if that is unknown, the model that was called; empty if
 *     no model is known
 * @param ownKey whether the callers used keys of their own, so that the owner of the service does
 *     not pay for the calls
 */
public record CountedUsage(
    LocalDate day, String model, ServiceTier tier, boolean ownKey, UsageCounts counts) {
  public static CountedUsage of(
      LocalDate day, CountedModel model, boolean ownKey, UsageCounts counts) {
    String name = model.answered().isKnown() ? model.answered().name() : model.called().name();
    return new CountedUsage(day, name, model.tier(), ownKey, counts);
  }
}
