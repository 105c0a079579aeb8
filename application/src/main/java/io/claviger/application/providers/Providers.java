package io.claviger.application.providers;

import io.claviger.application.providers.port.ProviderStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.ListedProvider;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.ProviderContent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The list of providers: what their services have unless they say otherwise. */
public interface Providers {
  /** The most providers of a list. */
  int MOST = 200;

  static Providers of(ProviderStore providers, ApiStandardStore standards, AuditedChanges changes) {
    return new ProviderUseCases(providers, standards, changes);
  }

  /** Shows a provider to every user; refused as not found when there is no such provider. */
  Outcome<ListedProvider> find(Actor actor, Handle handle);

  /** Lists all providers, by handle, to every user. */
  Page<ListedProvider, Handle> list(Actor actor, PageRequest<Handle> page);

  /** Lists all providers, by handle. */
  List<Provider> all();

  /** The providers of which an administrator states the name in lists of prices, by that name. */
  default Map<String, Provider> byPriceList() {
    Map<String, Provider> named = new HashMap<>();
    for (Provider provider : all()) {
      provider.content().priceList().ifPresent(name -> named.putIfAbsent(name, provider));
    }
    return named;
  }

  /**
   * Defines a provider, or replaces what is said of it; administrators only. Services keep what
   * they were made with. A provider more than {@link #MOST} is the conflict {@code
   * too_many_providers}.
   */
  Outcome<SavedProvider> save(
      Actor actor, Precondition precondition, Handle handle, ProviderContent content);

  /**
   * Deletes a provider; administrators only. It is the conflict {@code in_use} while something uses
   * it. One that the program knows is not deleted, but is again as the program knows it.
   */
  Outcome<Handle> delete(Actor actor, Handle handle, Precondition precondition);

  /**
   * A provider after it was written.
   *
   * @param created whether it is new
   */
  record SavedProvider(ListedProvider provider, boolean created) {}
}
