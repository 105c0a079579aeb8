package io.claviger.application.prices;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.prices.Prices.SavedPrice;
import io.claviger.application.prices.port.PriceFilter;
import io.claviger.application.prices.port.PricePosition;
import io.claviger.application.prices.port.PriceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.ModelName;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.PriceContent;
import io.claviger.domain.prices.PriceScope;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Share;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

final class ServicePriceUseCases implements ServicePrices {
  /**
   * The time for which a price stays stored after its end. This time is longer than the 35 days for
   * which charges refer to their prices.
   */
  private static final Duration KEPT = Duration.ofDays(40);

  private final InstanceStore services;
  private final PriceStore prices;
  private final AuditedChanges changes;
  private final PriceLookup lookup;
  private final PriceWrites writes;

  ServicePriceUseCases(InstanceStore services, PriceStore prices, AuditedChanges changes) {
    this.services = services;
    this.prices = prices;
    this.changes = changes;
    this.lookup = new PriceLookup(prices);
    this.writes = new PriceWrites(prices, changes);
  }

  @Override
  public Outcome<Page<ListedPrice, PricePosition>> list(
      Actor actor, Instance.Ref service, PriceFilter filter, PageRequest<PricePosition> page) {
    return Outcome.of(
        () ->
            Page.of(
                prices.list(
                    Optional.of(scope(seen(actor, service))),
                    filter,
                    page.after(),
                    page.limit() + 1),
                page.limit(),
                PricePosition::of));
  }

  @Override
  public Outcome<ListedPrice> find(
      Actor actor, Instance.Ref service, ModelName model, LocalDate validFrom) {
    return Outcome.of(() -> writes.find(scope(seen(actor, service)), model, validFrom));
  }

  @Override
  public Outcome<Map<ModelName, CallPrices>> ofCalls(
      Actor actor, Instance.Ref service, Set<ModelName> models) {
    return Outcome.of(
        () -> {
          Instance seen = seen(actor, service);
          Map<ModelName, CallPrices> found = new HashMap<>();
          models.forEach(model -> found.put(model, ofCalls(seen, model)));
          return Map.copyOf(found);
        });
  }

  private CallPrices ofCalls(Instance service, ModelName model) {
    return lookup.find(
        PricedModel.of(service.id(), service.provider(), model),
        LocalDate.ofInstant(changes.now(), ZoneOffset.UTC));
  }

  @Override
  public Outcome<Unpriced> unpriced(Actor actor, Instance.Ref service, Share.Terms terms) {
    return Outcome.of(
        () -> {
          Instance seen = seen(actor, service);
          Limits own = seen.settings().limits();
          List<Budget> dollars =
              Stream.of(
                      terms.limits().budgets(),
                      terms.pooledLimits().budgets(),
                      own.budgets(),
                      seen.settings().budgetsInAll())
                  .flatMap(budgets -> budgets.all().stream())
                  .filter(budget -> budget.unit() == BudgetUnit.USD)
                  .toList();
          List<ModelName> models =
              dollars.isEmpty()
                  ? List.of()
                  : named(seen, terms.limits())
                      .filter(model -> ofCalls(seen, model).forService().isEmpty())
                      .toList();
          return new Unpriced(models, dollars.stream().anyMatch(Budget::refusesUnpriced));
        });
  }

  private static Stream<ModelName> named(Instance service, Limits lent) {
    Limits own = service.settings().limits();
    return Stream.concat(
            Stream.of(service.settings().fields().model().value()),
            Stream.of(lent, own)
                .flatMap(limits -> limits.models().orElse(Set.of()).stream())
                .map(ModelPattern::value)
                .filter(name -> !name.endsWith("*")))
        .filter(name -> allows(lent, name) && allows(own, name))
        .distinct()
        .sorted()
        .map(ModelName::new);
  }

  private static boolean allows(Limits limits, String model) {
    return limits.models().map(some -> ModelPattern.anyMatches(some, model)).orElse(true);
  }

  @Override
  public Outcome<SavedPrice> save(
      Actor actor,
      Instance.Ref service,
      ModelName model,
      Precondition precondition,
      PriceContent content) {
    return changes.change(
        actor,
        AuditAction.PRICE_UPDATE,
        AuditTargets.price(service, model),
        log -> {
          Instance owned = owned(actor, service);
          return writes.save(
              scope(owned), model, content, precondition, AuditTargets.price(owned, model), log);
        });
  }

  @Override
  public Outcome<Integer> delete(
      Actor actor, Instance.Ref service, ModelName model, Optional<LocalDate> validFrom) {
    return changes.change(
        actor,
        AuditAction.PRICE_DELETE,
        AuditTargets.price(service, model),
        log -> {
          Instance owned = owned(actor, service);
          return writes.delete(
              scope(owned), model, validFrom, AuditTargets.price(owned, model), log);
        });
  }

  @Override
  public int removeEnded() {
    return prices.removeEnded(KEPT);
  }

  private static PriceScope scope(Instance service) {
    return new PriceScope.OfService(service.id());
  }

  private Instance seen(Actor actor, Instance.Ref ref) {
    Instant now = changes.now();
    return InstanceStore.VisibleInstance.shownTo(actor, services.find(ref, actor.sight(), now), now)
        .instance();
  }

  /**
   * Locks the service, so that only one transaction at a time counts and writes the service's
   * prices.
   */
  private Instance owned(Actor actor, Instance.Ref ref) {
    Instant now = changes.now();
    InstanceStore.VisibleInstance seen =
        InstanceStore.VisibleInstance.shownTo(actor, services.lock(ref, actor.sight(), now), now);
    if (!seen.allows(actor, Action.SET_PRICES, now)) {
      throw RefusedException.forbidden("Only the owning user may write the prices of a service.");
    }
    return seen.instance();
  }
}
