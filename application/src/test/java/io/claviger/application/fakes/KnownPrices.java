package io.claviger.application.fakes;

import io.claviger.application.prices.PriceBook;
import io.claviger.application.prices.PricedModel;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.usage.UsageModel;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The prices of some models, and the prices that all other models have. */
public class KnownPrices implements PriceBook {
  private final Map<UsageModel, CallPrices> known = new ConcurrentHashMap<>();
  private final CallPrices others;

  /** Other models have no price. */
  public KnownPrices() {
    this(CallPrices.NONE);
  }

  public KnownPrices(CallPrices others) {
    this.others = others;
  }

  public void put(UsageModel model, CallPrices prices) {
    known.put(model, prices);
  }

  @Override
  public Optional<CallPrices> findAtOnce(PricedModel model) {
    return Optional.of(find(model));
  }

  @Override
  public CallPrices find(PricedModel model) {
    return known.getOrDefault(model.called(), others);
  }

  @Override
  public CallPrices find(PricedModel model, LocalDate on) {
    return find(model);
  }

  @Override
  public Optional<ModelName> modelOf(Instance.Id service) {
    return Optional.empty();
  }
}
