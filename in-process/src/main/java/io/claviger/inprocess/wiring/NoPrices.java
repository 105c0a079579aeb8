package io.claviger.inprocess.wiring;

import io.claviger.application.prices.PriceBook;
import io.claviger.application.prices.PricedModel;
import io.claviger.domain.prices.CallPrices;
import java.util.Optional;

/** Knows no prices. */
final class NoPrices implements PriceBook {
  @Override
  public Optional<CallPrices> findAtOnce(PricedModel model) {
    return Optional.of(CallPrices.NONE);
  }

  @Override
  public CallPrices find(PricedModel model) {
    return CallPrices.NONE;
  }
}
