package io.claviger.web.routing;

import io.claviger.application.routing.Offers.OfferedModel;
import java.time.Instant;
import java.util.Optional;

/** A model that a service offers. */
record OfferJson(String model, Optional<Instant> seenAt, String source) {
  static OfferJson of(OfferedModel offer) {
    return new OfferJson(
        offer.model().value(),
        offer.listedAt(),
        offer.listedAt().isPresent() ? "listed" : "declared");
  }
}
