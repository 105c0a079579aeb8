package io.claviger.application.definitions;

import io.claviger.application.providers.ProviderReferences;
import io.claviger.application.providers.port.ProviderStore;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.standards.StandardReferences;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.Fault;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.DefinitionWrite;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.standards.ApiStandard;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Determines the fields that a definition will have after a write. Locks the named API standard
 * until the transaction ends.
 */
public final class FieldsResolver {
  private final StandardReferences standards;
  private final ProviderReferences providers;

  public FieldsResolver(ApiStandardStore standards, ProviderStore providers) {
    this.standards = new StandardReferences(standards);
    this.providers = new ProviderReferences(providers);
  }

  /**
   * @param base the source of absent fields
   * @throws RefusedException when a field is missing or wrong
   */
  DefinitionFields of(DefinitionWrite written, Optional<DefinitionFields> base) {
    List<Fault> faults = new ArrayList<>();
    DefinitionWrite.Result result =
        new DefinitionWrite(providers.held(written.fields(), faults))
            .over(
                base,
                standards.format(written.fields().get(DefinitionFields.API_STANDARD), faults));
    return switch (result) {
      case DefinitionWrite.Result.Incomplete missing -> {
        throw RefusedException.invalid(faults.isEmpty() ? missing.faults() : faults);
      }
      case DefinitionWrite.Result.Complete complete -> {
        if (faults.isEmpty()) {
          if (written.fields().get(DefinitionFields.PROVIDER).given().isEmpty()) {
            Optional<Provider> unused = providers.held(complete.fields().provider(), faults);
          }
          Optional<ApiStandard> unusedStandard =
              standards.held(complete.fields().apiStandard(), faults);
        }
        if (!faults.isEmpty()) {
          throw RefusedException.invalid(faults);
        }
        yield complete.fields();
      }
    };
  }
}
