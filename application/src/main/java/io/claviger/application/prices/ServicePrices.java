package io.claviger.application.prices;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.prices.Prices.SavedPrice;
import io.claviger.application.prices.port.PriceFilter;
import io.claviger.application.prices.port.PricePosition;
import io.claviger.application.prices.port.PriceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.PriceContent;
import io.claviger.domain.sharing.Share;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lists and writes a service's own prices, which apply to the budgets of the service and of its
 * shares. Everybody who sees the service sees its prices. Only the owning user writes the prices.
 * The prices of system-level services are written by administrators.
 *
 * <p>If the actor can't see the service, or the actor's token is restricted to another service, the
 * answer is {@code not_found}.
 */
public interface ServicePrices {
  static ServicePrices of(InstanceStore services, PriceStore prices, AuditedChanges changes) {
    return new ServicePriceUseCases(services, prices, changes);
  }

  /** Lists a service's own prices, ordered by model and first day. */
  Outcome<Page<ListedPrice, PricePosition>> list(
      Actor actor, Instance.Ref service, PriceFilter filter, PageRequest<PricePosition> page);

  /** Finds the one of a model's prices that has exactly the given day as its first day. */
  Outcome<ListedPrice> find(
      Actor actor, Instance.Ref service, ModelName model, LocalDate validFrom);

  /**
   * Finds the prices that apply to calls of these models on the service today (UTC), from the
   * service's own prices and the deployment's prices. The prices are looked up by the same names as
   * for calls. The result has a value for each model. For a model without a price, this value is
   * {@link CallPrices#NONE}.
   */
  Outcome<Map<ModelName, CallPrices>> ofCalls(
      Actor actor, Instance.Ref service, Set<ModelName> models);

  /**
   * Finds the models that have no price today (UTC). If no budget in dollars would limit a
   * borrower's calls under these share terms, the list is empty. Only models with known names are
   * considered: the service's own model and the models in the limits. Models that the limits forbid
   * are not considered.
   */
  Outcome<Unpriced> unpriced(Actor actor, Instance.Ref service, Share.Terms terms);

  /**
   * The models that have no price.
   *
   * @param models the models, ordered by name; empty if no budget counts dollars
   * @param refused whether a budget refuses calls of these models; if not, the calls are not
   *     charged to budgets in dollars
   */
  record Unpriced(List<ModelName> models, boolean refused) {
    public Unpriced {
      models = List.copyOf(models);
    }
  }

  /**
   * Stores a price of a model, or replaces the model's price that has the same first day. Storing a
   * price with the same content again changes nothing. If the service already has {@link
   * PriceStore#MOST_OF_A_SERVICE} prices, the answer is the conflict {@code too_many_prices}.
   * Prices that were recently replaced or deleted count too.
   */
  Outcome<SavedPrice> save(
      Actor actor,
      Instance.Ref service,
      ModelName model,
      Precondition precondition,
      PriceContent content);

  /**
   * Deletes prices of a model. If there are no such prices, the answer is {@code not_found}.
   *
   * @param validFrom the first day of the price to delete; if empty, all prices of the model are
   *     deleted
   * @return the number of deleted prices
   */
  Outcome<Integer> delete(
      Actor actor, Instance.Ref service, ModelName model, Optional<LocalDate> validFrom);

  /**
   * Removes replaced and deleted prices to which no usage record refers any more. Returns the
   * number of removed prices.
   */
  int removeEnded();
}
