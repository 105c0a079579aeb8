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
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lists and writes prices that belong to a service. Such prices apply to the budgets of the service
 * and of its shares. Everybody who sees the service sees its prices. The owning user writes these
 * prices; administrators write the prices of system-level services.
 *
 * <p>All methods answer {@code not_found} if the actor can't see the service, or the actor's token
 * is restricted to another service.
 */
public interface ServicePrices {
  static ServicePrices of(InstanceStore services, PriceStore prices, AuditedChanges changes) {
    return new ServicePriceUseCases(services, prices, changes);
  }

  /** Lists a service's own prices by model and first day. */
  Outcome<Page<ListedPrice, PricePosition>> list(
      Actor actor, Instance.Ref service, PriceFilter filter, PageRequest<PricePosition> page);

  /** Finds the price of a model that is valid from exactly this day. */
  Outcome<ListedPrice> find(
      Actor actor, Instance.Ref service, ModelName model, LocalDate validFrom);

  /**
   * Finds the prices by which calls of these models at the service are charged today (UTC): the
   * service's own prices and the deployment's prices. Both are looked up by the same names as for
   * calls. The result has a value for each model, which is {@link CallPrices#NONE} if there is no
   * price.
   */
  Outcome<Map<ModelName, CallPrices>> ofCalls(
      Actor actor, Instance.Ref service, Set<ModelName> models);

  /**
   * Finds the models that have no price today (UTC). If no budget in dollars limits the calls that
   * use the share, finds no models. Only models that are known by name are considered: the
   * service's own model, and the models that limits name. A model is considered only if the limits
   * allow it.
   */
  Outcome<Unpriced> unpriced(Actor actor, Instance.Ref service, Share.Terms terms);

  /**
   * Models without a price.
   *
   * @param models the models, sorted by name; an empty list if no budget counts dollars
   * @param refused whether a budget refuses calls of these models; otherwise their calls are not
   *     charged to budgets in dollars
   */
  record Unpriced(List<ModelName> models, boolean refused) {
    public Unpriced {
      models = List.copyOf(models);
    }
  }

  /**
   * Stores the price of a model from a day on, or replaces the price from the same day. Storing the
   * same content again changes nothing. The answer is the conflict {@code too_many_prices} if the
   * service already has {@link PriceStore#MOST_OF_A_SERVICE} prices, including those that were
   * replaced or deleted recently.
   */
  Outcome<SavedPrice> save(
      Actor actor,
      Precondition precondition,
      Instance.Ref service,
      ModelName model,
      PriceContent content);

  /**
   * Deletes prices of a model. The answer is {@code not_found} if there are no such prices.
   *
   * @param validFrom the first day of the price to delete; if empty, all prices of the model are
   *     deleted
   * @return how many were deleted
   */
  Outcome<Integer> delete(
      Actor actor, Instance.Ref service, ModelName model, Optional<LocalDate> validFrom);

  /**
   * Removes prices that were replaced or deleted so long ago that the records of usage no longer
   * have separate lines for these prices. Returns how many prices were removed.
   */
  int removeEnded(Instant now);
}
