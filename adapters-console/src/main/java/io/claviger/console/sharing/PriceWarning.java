package io.claviger.console.sharing;

import io.claviger.application.prices.ServicePrices;
import io.claviger.application.prices.ServicePrices.Unpriced;
import io.claviger.application.shared.Actor;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Explains how a budget in dollars affects calls to models that have no price. */
final class PriceWarning {
  private static final int NAMED = 3;

  private final ServicePrices prices;

  PriceWarning(ServicePrices prices) {
    this.prices = prices;
  }

  /** Returns the explanation as a sentence; null if no warning is needed. */
  @Nullable String of(Actor actor, Instance.Ref service, Share.Terms terms) {
    return prices
        .unpriced(actor, service, terms)
        .asOptional()
        .filter(unpriced -> !unpriced.models().isEmpty())
        .map(PriceWarning::sentence)
        .orElse(null);
  }

  private static String sentence(Unpriced unpriced) {
    String models = named(unpriced.models());
    boolean isOne = unpriced.models().size() == 1;
    return unpriced.refused()
        ? "Calls are refused until %s %s a price.".formatted(models, isOne ? "has" : "have")
        : "Nobody has set a price for %s. Calls without a price pass, and use up nothing of the budget."
            .formatted(models);
  }

  private static String named(List<ModelName> models) {
    int more = models.size() - NAMED;
    String first =
        models.stream().limit(NAMED).map(ModelName::value).collect(Collectors.joining(", "));
    return more > 0 ? first + " and " + more + " more" : first;
  }
}
