package io.claviger.application.prices.port;

import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.PriceScope;
import java.time.LocalDate;

/**
 * A position in a list of prices.
 *
 * @param provider the provider of the price; empty if the list contains a service's own prices
 */
public record PricePosition(String provider, String model, LocalDate validFrom) {
  public static PricePosition of(ListedPrice listed) {
    String provider =
        switch (listed.scope()) {
          case PriceScope.OfProvider of -> of.provider().wireName();
          case PriceScope.OfService own -> "";
        };
    return new PricePosition(provider, listed.model().value(), listed.price().validFrom());
  }
}
