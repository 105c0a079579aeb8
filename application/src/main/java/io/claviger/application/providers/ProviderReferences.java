package io.claviger.application.providers;

import io.claviger.application.providers.port.ProviderStore;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.ListedProvider;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fields.FieldWrites;
import java.util.List;
import java.util.Optional;

/**
 * Finds the providers that are named in writes, and locks each provider against changes until the
 * transaction ends.
 */
public final class ProviderReferences {
  private final ProviderStore providers;

  public ProviderReferences(ProviderStore providers) {
    this.providers = providers;
  }

  /**
   * Looks up the given provider by its name in the list of providers. If the list has no such
   * provider, the result is empty, and a fault is added.
   */
  public Optional<Provider> held(Provider named, List<Fault> faults) {
    Optional<Provider> provider = listed(named);
    if (provider.isEmpty()) {
      faults.add(Fault.unknownReference("provider", "provider"));
    }
    return provider;
  }

  /**
   * Replaces the provider in a write with the provider of the same name in the list. If the list
   * has no such provider, a fault is added.
   */
  public FieldWrites held(FieldWrites writes, List<Fault> faults) {
    return writes
        .get(DefinitionFields.PROVIDER)
        .given()
        .flatMap(named -> held(named, faults))
        .map(provider -> writes.with(DefinitionFields.PROVIDER, Field.of(provider)))
        .orElse(writes);
  }

  private Optional<Provider> listed(Provider named) {
    return providers.hold(new Handle(named.wireName())).map(ListedProvider::provider);
  }
}
