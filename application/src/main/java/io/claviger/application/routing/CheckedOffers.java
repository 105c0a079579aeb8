package io.claviger.application.routing;

import io.claviger.application.gateway.PassedChecks;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.routing.port.OfferSource;
import io.claviger.application.routing.port.OfferStore;
import java.time.Duration;
import java.time.InstantSource;

/**
 * After a successful connection check, requests the provider's list of models, unless the list was
 * already requested within the last minute.
 */
final class CheckedOffers implements PassedChecks {
  private final OfferStore offers;
  private final ListUpdate update;

  CheckedOffers(OfferStore offers, OfferSource source, InstantSource clock) {
    this.offers = offers;
    this.update = new ListUpdate(offers, source, clock);
  }

  @Override
  public void learnFrom(AuthorizedCall call, Duration limit) {
    if (offers.claim(ListUpdate.listOf(call), OfferInquiry.APART)) {
      boolean unused = update.ask(call, limit);
    }
  }
}
