package io.claviger.console.sharing;

import io.claviger.application.prices.ServicePrices;
import io.claviger.application.prices.ServicePrices.Unpriced;
import io.claviger.application.shared.Actor;
import io.claviger.console.page.Part;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Share;
import java.util.ArrayList;
import java.util.List;

/** Explains how a budget in dollars affects calls to models that have no price. */
final class PriceWarning {
  private static final int NAMED = 3;

  private final ServicePrices prices;

  PriceWarning(ServicePrices prices) {
    this.prices = prices;
  }

  /** Returns the explanation as a sentence; empty if no warning is needed. */
  List<Part> of(Actor actor, Instance.Ref service, Share.Terms terms) {
    return prices
        .unpriced(actor, service, terms)
        .asOptional()
        .filter(unpriced -> !unpriced.models().isEmpty())
        .map(PriceWarning::sentence)
        .orElse(List.of());
  }

  private static List<Part> sentence(Unpriced unpriced) {
    boolean isOne = unpriced.models().size() == 1;
    return unpriced.refused()
        ? named(
            "Calls are refused until ",
            unpriced.models(),
            isOne ? " has a price." : " have a price.")
        : named(
            "Nobody has set a price for ",
            unpriced.models(),
            ". Calls without a price pass, and use up nothing of the budget.");
  }

  private static List<Part> named(String before, List<ModelName> models, String after) {
    int more = models.size() - NAMED;
    List<Part> parts = new ArrayList<>(List.of(Part.plain(before)));
    parts.addAll(Part.listed(models.stream().limit(NAMED).map(ModelName::value).toList()));
    parts.add(Part.plain((more > 0 ? " and " + more + " more" : "") + after));
    return parts;
  }
}
