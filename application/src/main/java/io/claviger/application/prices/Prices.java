package io.claviger.application.prices;

import io.claviger.application.prices.port.PriceFilter;
import io.claviger.application.prices.port.PricePosition;
import io.claviger.application.prices.port.PriceStore;
import io.claviger.application.providers.ProviderReferences;
import io.claviger.application.providers.port.ProviderStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.PriceContent;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Lists and writes the prices of the deployment. A price is valid from its first day until the
 * model's next price begins. A change of prices does not affect past charges.
 */
public interface Prices {
  static Prices of(PriceStore prices, ProviderStore providers, AuditedChanges changes) {
    return new PriceUseCases(prices, new ProviderReferences(providers), changes);
  }

  /**
   * Lists prices, ordered by provider, model and first day. Every user may call this method.
   *
   * @param provider the provider whose prices are listed; if empty, the prices of all providers are
   *     listed
   */
  Page<ListedPrice, PricePosition> list(
      Actor actor,
      Optional<Provider> provider,
      PriceFilter filter,
      PageRequest<PricePosition> page);

  /**
   * Finds the one of a model's prices that has exactly the given day as its first day. Every user
   * may call this method.
   */
  Outcome<ListedPrice> find(Actor actor, Provider provider, ModelName model, LocalDate validFrom);

  /**
   * Stores a price of a model, or replaces the model's price that has the same first day. Only
   * administrators may call this method. Storing a price with the same content again changes
   * nothing.
   */
  Outcome<SavedPrice> save(
      Actor actor,
      Provider provider,
      ModelName model,
      Precondition precondition,
      PriceContent content);

  /**
   * Deletes the prices of a model. Only administrators may call this method. If there are no such
   * prices, the answer is {@code not_found}.
   *
   * @param validFrom the first day of the price to delete; if empty, all prices of the model are
   *     deleted
   * @return the number of deleted prices
   */
  Outcome<Integer> delete(
      Actor actor, Provider provider, ModelName model, Optional<LocalDate> validFrom);

  /** Returns the bundled published prices. Every user may call this method. */
  default PublishedPrices published() {
    return PublishedPrices.BUNDLED;
  }

  /**
   * A stored price.
   *
   * @param created whether the price is new; false if it replaced a price with the same first day
   */
  record SavedPrice(ListedPrice price, boolean created) {}
}
