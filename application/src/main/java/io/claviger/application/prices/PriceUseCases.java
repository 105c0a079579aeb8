package io.claviger.application.prices;

import io.claviger.application.prices.port.PriceFilter;
import io.claviger.application.prices.port.PricePosition;
import io.claviger.application.prices.port.PriceStore;
import io.claviger.application.providers.ProviderReferences;
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
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.PriceContent;
import io.claviger.domain.prices.PriceScope;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Optional;

final class PriceUseCases implements Prices {
  private final PriceStore prices;
  private final AuditedChanges changes;
  private final ProviderReferences providers;
  private final PriceWrites writes;

  PriceUseCases(PriceStore prices, ProviderReferences providers, AuditedChanges changes) {
    this.prices = prices;
    this.providers = providers;
    this.changes = changes;
    this.writes = new PriceWrites(prices, changes);
  }

  @Override
  public Page<ListedPrice, PricePosition> list(
      Actor actor,
      Optional<Provider> provider,
      PriceFilter filter,
      PageRequest<PricePosition> page) {
    return Page.of(
        prices.list(
            provider.map(PriceScope.OfProvider::new), filter, page.after(), page.limit() + 1),
        page.limit(),
        PricePosition::of);
  }

  @Override
  public Outcome<ListedPrice> find(
      Actor actor, Provider provider, ModelName model, LocalDate validFrom) {
    return Outcome.of(() -> writes.find(new PriceScope.OfProvider(provider), model, validFrom));
  }

  @Override
  public Outcome<SavedPrice> save(
      Actor actor,
      Provider provider,
      ModelName model,
      Precondition precondition,
      PriceContent content) {
    AuditTarget target = AuditTargets.price(provider, model);
    return changes.change(
        actor,
        AuditAction.PRICE_UPDATE,
        target,
        log -> {
          demandAdministrator(actor);
          if (providers.held(provider, new ArrayList<>()).isEmpty()) {
            throw RefusedException.notFound();
          }
          return writes.save(
              new PriceScope.OfProvider(provider), model, content, precondition, target, log);
        });
  }

  @Override
  public Outcome<Integer> delete(
      Actor actor, Provider provider, ModelName model, Optional<LocalDate> validFrom) {
    AuditTarget target = AuditTargets.price(provider, model);
    return changes.change(
        actor,
        AuditAction.PRICE_DELETE,
        target,
        log -> {
          demandAdministrator(actor);
          return writes.delete(new PriceScope.OfProvider(provider), model, validFrom, target, log);
        });
  }

  private static void demandAdministrator(Actor actor) {
    if (!actor.administrator()) {
      throw RefusedException.forbidden("Only administrators may write the deployment's prices.");
    }
  }
}
