package io.claviger.web.prices;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.PriceScope;
import java.time.Instant;
import java.util.Optional;

/**
 * A price as the API shows it.
 *
 * @param provider null for a service's own
 * @param service null for the deployment's
 */
record PriceJson(
    Optional<String> provider,
    Optional<String> service,
    String model,
    String validFrom,
    @JsonUnwrapped RatesJson rates,
    Optional<LongContextJson> longContext,
    long version,
    Instant createdAt) {

  /** A price of the deployment. */
  static PriceJson of(ListedPrice listed) {
    Optional<String> provider =
        switch (listed.scope()) {
          case PriceScope.OfProvider of -> Optional.of(of.provider().wireName());
          case PriceScope.OfService own -> Optional.empty();
        };
    return of(listed, provider, Optional.empty());
  }

  /** A price of a service's own. */
  static PriceJson of(ListedPrice listed, InstanceRef service) {
    return of(listed, Optional.empty(), Optional.of(service.toString()));
  }

  private static PriceJson of(
      ListedPrice listed, Optional<String> provider, Optional<String> service) {
    return new PriceJson(
        provider,
        service,
        listed.model().value(),
        listed.price().validFrom().toString(),
        RatesJson.of(listed.price().rates()),
        listed.price().longContext().map(LongContextJson::of),
        listed.price().version(),
        listed.writtenAt());
  }
}
