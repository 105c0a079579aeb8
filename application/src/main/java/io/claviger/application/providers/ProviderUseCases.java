package io.claviger.application.providers;

import io.claviger.application.providers.port.ProviderStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.StillReferenced;
import io.claviger.application.standards.StandardReferences;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.Fault;
import io.claviger.domain.FieldDifferences;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.definitions.ListedProvider;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.ProviderContent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class ProviderUseCases implements Providers {
  private final ProviderStore providers;
  private final StandardReferences standards;
  private final AuditedChanges changes;

  ProviderUseCases(ProviderStore providers, ApiStandardStore standards, AuditedChanges changes) {
    this.providers = providers;
    this.standards = new StandardReferences(standards);
    this.changes = changes;
  }

  @Override
  public Outcome<ListedProvider> find(Actor actor, Handle handle) {
    return providers
        .find(handle)
        .map(Outcome::done)
        .orElseGet(() -> Outcome.refused(new Refusal.NotFound()));
  }

  @Override
  public Page<ListedProvider, Handle> list(Actor actor, PageRequest<Handle> page) {
    return Page.of(
        providers.list(page.after(), page.limit() + 1), page.limit(), ListedProvider::handle);
  }

  @Override
  public List<Provider> all() {
    return providers.list(Optional.empty(), MOST).stream().map(ListedProvider::provider).toList();
  }

  @Override
  public Outcome<SavedProvider> save(
      Actor actor, Handle handle, Precondition precondition, ProviderContent content) {
    return changes.change(
        actor,
        AuditAction.PROVIDER_UPDATE,
        AuditTargets.provider(handle),
        log -> {
          if (!actor.administrator()) {
            throw RefusedException.forbidden("Only administrators define providers.");
          }
          return save(precondition, Provider.of(handle.value(), content), log);
        });
  }

  private SavedProvider save(Precondition precondition, Provider provider, ChangeLog log) {
    Instant now = changes.now();
    Handle handle = new Handle(provider.wireName());
    Optional<ListedProvider> before = providers.lock(handle);
    if (before.isEmpty()) {
      log.recordAttemptAs(AuditAction.PROVIDER_CREATE);
    }
    precondition.demand(before, ListedProvider::version);
    demandStandard(provider);
    if (before.isEmpty()) {
      if (providers.lockAndCount() >= MOST) {
        throw RefusedException.conflict(
            "too_many_providers", "There are " + MOST + " providers already. Delete one.");
      }
      ListedProvider created = new ListedProvider(provider, true, 1, now, now);
      providers.insert(created);
      log.recordChange(AuditAction.PROVIDER_CREATE, AuditTargets.provider(handle), List.of());
      return new SavedProvider(created, true);
    }
    ListedProvider old = before.get();
    List<String> changed = differences(old.provider().content(), provider.content());
    if (old.isDefined() && changed.isEmpty()) {
      return new SavedProvider(old, false);
    }
    ListedProvider after =
        new ListedProvider(provider, true, old.version() + 1, old.createdAt(), now);
    providers.update(after);
    log.recordChange(AuditAction.PROVIDER_UPDATE, AuditTargets.provider(handle), changed);
    return new SavedProvider(after, false);
  }

  private void demandStandard(Provider provider) {
    List<Fault> faults = new ArrayList<>();
    standards
        .held(provider.defaultStandard(), faults)
        .filter(standard -> standard.format() != provider.defaultFormat())
        .ifPresent(
            other ->
                faults.add(
                    Fault.notAllowed(
                        "api_standard",
                        "This API standard has a different wire format than the provider.")));
    if (!faults.isEmpty()) {
      throw RefusedException.invalid(faults);
    }
  }

  private static List<String> differences(ProviderContent before, ProviderContent after) {
    return new FieldDifferences()
        .of("format", before.format(), after.format())
        .of("api_standard", before.apiStandard(), after.apiStandard())
        .of("endpoint", before.endpoint(), after.endpoint())
        .of("settings", before.template(), after.template())
        .of("price_list", before.priceList(), after.priceList())
        .of("limits", before.limits(), after.limits())
        .of("adds", before.adds(), after.adds())
        .of("traits", before.traits(), after.traits())
        .names();
  }

  @Override
  public Outcome<Handle> delete(Actor actor, Handle handle, Precondition precondition) {
    return changes.change(
        actor,
        AuditAction.PROVIDER_DELETE,
        AuditTargets.provider(handle),
        log -> {
          if (!actor.administrator()) {
            throw RefusedException.forbidden("Only administrators delete providers.");
          }
          ListedProvider provider = providers.lock(handle).orElseThrow(RefusedException::notFound);
          precondition.demand(provider.version());
          if (provider.provider().isKnown()) {
            if (!provider.isDefined()) {
              throw RefusedException.conflict(
                  "built_in", "This provider already has its built-in values.");
            }
            providers.update(
                new ListedProvider(
                    Provider.of(handle.value()),
                    false,
                    provider.version() + 1,
                    provider.createdAt(),
                    changes.now()));
          } else {
            delete(handle);
          }
          log.recordChange(AuditAction.PROVIDER_DELETE, AuditTargets.provider(handle), List.of());
          return handle;
        });
  }

  private void delete(Handle handle) {
    try {
      providers.delete(handle);
    } catch (StillReferenced e) {
      throw RefusedException.conflict(
          "in_use", "Services, definitions or models of the catalogue refer to this provider.");
    }
  }
}
