package io.claviger.console.models;

import io.claviger.application.prices.ServicePrices;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.PicoDollars;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What calls of models cost today at the services that serve them. */
final class ModelPrices {
  private static final String UNKNOWN = "no price";

  private final Map<InstanceRef, Set<ModelName>> wanted = new HashMap<>();
  private final Map<InstanceRef, Map<ModelName, CallPrices>> found = new HashMap<>();

  /** Adds a model whose price is wanted. */
  void want(InstanceRef service, ModelName model) {
    boolean unused = wanted.computeIfAbsent(service, ref -> new HashSet<>()).add(model);
  }

  /** Reads the wanted prices; those of services that the actor does not see stay unknown. */
  ModelPrices read(ServicePrices prices, Actor actor) {
    wanted.forEach(
        (service, models) -> {
          switch (prices.ofCalls(actor, service, models)) {
            case Outcome.Done<Map<ModelName, CallPrices>> done -> found.put(service, done.value());
            case Outcome.Refused<Map<ModelName, CallPrices>> refused -> {}
          }
        });
    return this;
  }

  /** Returns words such as {@code 2.5 $ in, 10 $ out}, for a million tokens. */
  String of(InstanceRef service, ModelName model) {
    return found
        .getOrDefault(service, Map.of())
        .getOrDefault(model, CallPrices.NONE)
        .forService()
        .map(price -> words(price.rates()))
        .orElse(UNKNOWN);
  }

  private static String words(Rates rates) {
    if (rates.isFree()) {
      return "free";
    }
    return dollars(rates, Rate.INPUT) + " in, " + dollars(rates, Rate.OUTPUT) + " out";
  }

  private static String dollars(Rates rates, Rate rate) {
    return PicoDollars.text(rate, rates.of(rate)) + " $";
  }
}
