package io.claviger.application.prices;

import io.claviger.application.prices.port.PriceStore;
import io.claviger.domain.ModelName;
import io.claviger.domain.bills.BillComparison;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.Price;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The prices that applied to a service's calls on the days of a month. The number of models that
 * are looked up is limited, because a provider's bill can name any number of models.
 */
public final class PricesOfDays implements BillComparison.Prices {
  private static final int MOST_MODELS = 500;

  private final PriceLookup lookup;
  private final Instance service;
  private final LocalDate first;
  private final LocalDate last;
  private final Map<String, Ends> known = new HashMap<>();

  public PricesOfDays(PriceStore prices, Instance service, LocalDate first, LocalDate last) {
    this.lookup = new PriceLookup(prices);
    this.service = service;
    this.first = first;
    this.last = last;
  }

  /** A model's prices on the first and on the last day of the month. */
  private record Ends(Optional<Price> first, Optional<Price> last) {}

  @Override
  public Optional<Price> find(LocalDate day, String model) {
    if (known.size() >= MOST_MODELS && !known.containsKey(model)) {
      return Optional.empty();
    }
    Ends ends = known.computeIfAbsent(model, m -> new Ends(on(first, m), on(last, m)));
    return ends.first().equals(ends.last()) ? ends.first() : on(day, model);
  }

  private Optional<Price> on(LocalDate day, String model) {
    return ModelName.isValid(model)
        ? lookup
            .find(PricedModel.of(service.id(), service.provider(), new ModelName(model)), day)
            .forService()
        : Optional.empty();
  }
}
