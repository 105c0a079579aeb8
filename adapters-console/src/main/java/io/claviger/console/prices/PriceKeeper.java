package io.claviger.console.prices;

import io.claviger.application.prices.Prices.SavedPrice;
import io.claviger.application.prices.port.PriceFilter;
import io.claviger.application.prices.port.PricePosition;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.ModelName;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.PriceContent;
import java.time.LocalDate;
import java.util.Optional;

/**
 * The owner of the prices on a page: a service, or the deployment with its prices for one provider.
 */
interface PriceKeeper {
  /** Returns the name of the prices' owner, as the title of the page shows it. */
  String name();

  String list();

  String form();

  Outcome<Page<ListedPrice, PricePosition>> list(
      Actor actor, PriceFilter filter, PageRequest<PricePosition> page);

  Outcome<SavedPrice> save(
      Actor actor, Precondition precondition, ModelName model, PriceContent content);

  Outcome<Integer> delete(Actor actor, ModelName model, LocalDate validFrom);

  /** Finds the price that is valid for a model from exactly this day on. */
  default Optional<ListedPrice> find(Actor actor, ModelName model, LocalDate validFrom) {
    return valid(actor, model, validFrom)
        .filter(listed -> listed.price().validFrom().equals(validFrom));
  }

  /** Finds the price that applies to a model on a day. */
  default Optional<ListedPrice> valid(Actor actor, ModelName model, LocalDate on) {
    PriceFilter filter = new PriceFilter(Optional.of(model), Optional.of(on));
    return switch (list(actor, filter, new PageRequest<>(Optional.empty(), 1))) {
      case Outcome.Done<Page<ListedPrice, PricePosition>> found ->
          found.value().items().stream().findFirst();
      case Outcome.Refused<Page<ListedPrice, PricePosition>> refused -> Optional.empty();
    };
  }
}
