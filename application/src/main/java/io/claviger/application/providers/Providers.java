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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The list of providers. For each provider, the list contains the default values for services of
 * this provider.
 */
public interface Providers {
  /** The greatest number of providers in the list. */
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

  /**
   * Returns the providers by their names in price lists. If no name in price lists is stated for a
   * provider, the provider's own name is used. Several providers may have the same name in price
   * lists.
   */
  default Map<String, List<Provider>> byPriceList() {
    Map<String, List<Provider>> named = new HashMap<>();
    for (Provider provider : all()) {
      String name = provider.content().priceList().orElse(provider.wireName());
      named.computeIfAbsent(name, n -> new ArrayList<>()).add(provider);
    }
    return named;
  }

  /**
   * Creates a provider, or replaces its values; administrators only. Existing services keep the
   * values with which they were created. Refused as a conflict with {@code too_many_providers} if
   * the list already has {@link #MOST} providers.
   */
  Outcome<SavedProvider> save(
      Actor actor, Precondition precondition, Handle handle, ProviderContent content);

  /**
   * Deletes a provider; administrators only. Refused as a conflict with {@code in_use} while
   * something refers to the provider. A built-in provider is not deleted but gets its built-in
   * values back.
   */
  Outcome<Handle> delete(Actor actor, Handle handle, Precondition precondition);

  /**
   * A provider after it was written.
   *
   * @param created whether the provider is new
   */
  record SavedProvider(ListedProvider provider, boolean created) {}
}
