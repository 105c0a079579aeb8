package io.claviger.application.prices;

import io.claviger.application.prices.PublishedPrices.PublishedPrice;
import io.claviger.application.prices.port.PriceStore;
import io.claviger.application.prices.port.PriceStore.PricedService;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.PriceNames;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Finds the prices of a call among the service's own prices and the deployment's prices. If neither
 * the service nor the deployment has a price for the model, the bundled published price applies. If
 * the prices state no fees for tools, the provider's published fees apply.
 */
public record PriceLookup(PriceStore prices) {
  /**
   * Finds the prices of a call. Queries the database.
   *
   * @param on the day (UTC) on which the call was made
   */
  public CallPrices find(PricedModel model, LocalDate on) {
    return ToolFees.addTo(stated(model, on), model.provider(), model.called().name());
  }

  private CallPrices stated(PricedModel model, LocalDate on) {
    Optional<ModelName> own =
        PriceNames.needsOwnModel(model.provider()) ? modelOf(model.instance()) : Optional.empty();
    List<String> names = PriceNames.of(model.provider(), model.called(), own);
    CallPrices stored = prices.find(model.instance(), model.provider(), names, on);
    Optional<String> alias = PriceNames.alias(model.called());
    if (stored.forService().isPresent()) {
      return alias
          .map(name -> prices.versionsOf(model.instance(), model.provider(), name, on))
          .map(stored::withVersions)
          .orElse(stored);
    }
    Optional<PricedService> service = prices.serviceOf(model.instance());
    return service
        .flatMap(of -> PublishedPrices.BUNDLED.find(of.endpoint(), model.called()))
        .map(found -> with(found, stored.bounds()))
        .map(found -> found.withVersions(versions(service.orElseThrow(), alias)))
        .orElse(stored);
  }

  private List<Price> versions(PricedService of, Optional<String> alias) {
    return alias
        .map(name -> PublishedPrices.BUNDLED.versionsOf(of.endpoint(), name))
        .orElse(List.of());
  }

  /** Returns the configured model of a service. */
  Optional<ModelName> modelOf(Instance.Id service) {
    return prices.serviceOf(service).map(PricedService::model);
  }

  private static CallPrices with(PublishedPrice found, ModelBounds stored) {
    return new CallPrices(
        Optional.empty(),
        Optional.of(found.price()),
        stored.equals(ModelBounds.UNKNOWN) ? found.bounds() : stored);
  }
}
