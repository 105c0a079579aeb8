package io.claviger.application.definitions;

import io.claviger.application.shared.RefusedException;
import io.claviger.application.standards.StandardReferences;
import io.claviger.domain.Fault;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.DefinitionWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Determines the fields of a definition from a write, and holds the named API standard. */
final class FieldsResolver {
  private final StandardReferences standards;

  FieldsResolver(StandardReferences standards) {
    this.standards = standards;
  }

  /**
   * @param base the source of absent fields
   * @throws RefusedException when a field is missing or wrong
   */
  DefinitionFields of(DefinitionWrite written, Optional<DefinitionFields> base) {
    List<Fault> faults = new ArrayList<>();
    DefinitionWrite.Result result =
        written.over(
            base, standards.format(written.fields().get(DefinitionFields.API_STANDARD), faults));
    return switch (result) {
      case DefinitionWrite.Result.Incomplete missing -> {
        throw RefusedException.invalid(faults.isEmpty() ? missing.faults() : faults);
      }
      case DefinitionWrite.Result.Complete complete -> {
        if (faults.isEmpty()) {
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
