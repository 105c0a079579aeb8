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
 * The list of providers. For each provider, the list contains the default values of services that
 * use the provider.
 */
public interface Providers {
  /** The maximum number of providers in the list. */
  int MOST = 200;

  static Providers of(ProviderStore providers, ApiStandardStore standards, AuditedChanges changes) {
    return new ProviderUseCases(providers, standards, changes);
  }

  /**
   * Shows a provider. Every user may call this method. If there is no such provider, the answer is
   * {@code not_found}.
   */
  Outcome<ListedProvider> find(Actor actor, Handle handle);

  /** Lists all providers by handle. Every user may call this method. */
  Page<ListedProvider, Handle> list(Actor actor, PageRequest<Handle> page);

  /** Lists all providers, ordered by handle. */
  List<Provider> all();

  /**
   * Maps each name in price lists to the providers with this name. For a provider that states no
   * name for price lists, the provider's own name is used. Several providers can have the same name
   * in price lists.
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
   * Creates a provider, or replaces its values. Only administrators may call this method. Existing
   * services keep the values that they got from the provider when they were created. If the list
   * already has {@link #MOST} providers, the answer is the conflict {@code too_many_providers}.
   */
  Outcome<SavedProvider> save(
      Actor actor, Handle handle, Precondition precondition, ProviderContent content);

  /**
   * Deletes a provider. Only administrators may call this method. If anything refers to the
   * provider, the answer is the conflict {@code in_use}. A built-in provider is not deleted, but
   * gets its built-in values back.
   */
  Outcome<Handle> delete(Actor actor, Handle handle, Precondition precondition);

  /**
   * A provider after a write.
   *
   * @param created whether the write created the provider
   */
  record SavedProvider(ListedProvider provider, boolean created) {}
}
