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
 * Lists and writes the prices of the deployment. A price is valid from a day on until the next
 * price of the model begins. A change does not affect earlier charges.
 */
public interface Prices {
  static Prices of(PriceStore prices, ProviderStore providers, AuditedChanges changes) {
    return new PriceUseCases(prices, new ProviderReferences(providers), changes);
  }

  /**
   * Lists prices by provider, model and first day, to every user.
   *
   * @param provider the provider whose prices are listed; empty for all providers
   */
  Page<ListedPrice, PricePosition> list(
      Actor actor,
      Optional<Provider> provider,
      PriceFilter filter,
      PageRequest<PricePosition> page);

  /**
   * Finds the price of a model that is valid from exactly this day. Every user may call this
   * method.
   */
  Outcome<ListedPrice> find(Actor actor, Provider provider, ModelName model, LocalDate validFrom);

  /**
   * Stores the price of a model from a day on, or replaces the price from the same day;
   * administrators only. Storing the same content again changes nothing.
   */
  Outcome<SavedPrice> save(
      Actor actor,
      Precondition precondition,
      Provider provider,
      ModelName model,
      PriceContent content);

  /**
   * Deletes the prices of a model; administrators only. The answer is {@code not_found} if there
   * are no such prices.
   *
   * @param validFrom the first day of the price to delete; empty for all prices of the model
   * @return how many were deleted
   */
  Outcome<Integer> delete(
      Actor actor, Provider provider, ModelName model, Optional<LocalDate> validFrom);

  /** Returns the prices that come with the program, to every user. */
  default PublishedPrices published() {
    return PublishedPrices.BUNDLED;
  }

  /**
   * A stored price.
   *
   * @param created whether the price is new, which means that it replaces no price with the same
   *     first day
   */
  record SavedPrice(ListedPrice price, boolean created) {}
}
