package io.claviger.imports.dhamps.rules;

import io.claviger.domain.Description;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.imports.dhamps.rules.SourceContent.Fields;
import io.claviger.imports.shared.ReportReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Translates the fields that dhamps-vdb's definitions and services have in common. */
public final class FieldTranslation {
  private FieldTranslation() {}

  /**
   * A Claviger API standard that corresponds to a dhamps-vdb API standard.
   *
   * @param imported whether this import or an earlier import created the standard
   */
  public record KnownStandard(ApiStandard standard, boolean imported) {
    /**
     * Returns the operations that the standard allows. If no import created the standard, it might
     * allow fewer operations than its format has. The missing operations are added.
     */
    private List<Operation> operations() {
      List<Operation> operations = new ArrayList<>(standard.operations());
      if (!imported) {
        operations.addAll(standard.format().operations());
      }
      return operations;
    }
  }

  /** The translated fields, or the reason why they can't be translated. */
  public sealed interface Translated {
    /**
     * @param withoutDescription why the description was left out; empty if it was kept
     */
    record To(DefinitionFields fields, Optional<String> withoutDescription) implements Translated {}

    record LeftOut(ReportReason reason, String detail) implements Translated {}
  }

  /**
   * @param standards the standards in Claviger, keyed by their names in dhamps-vdb
   */
  public static Translated of(Fields old, Map<String, KnownStandard> standards) {
    Optional<KnownStandard> standard = Optional.ofNullable(standards.get(old.standard()));
    if (standard.isEmpty()) {
      return new Translated.LeftOut(
          ReportReason.STANDARD_MISSING, "its API standard does not exist in Claviger");
    }
    try {
      return translate(old, standard.get());
    } catch (InvalidValue e) {
      return new Translated.LeftOut(ReportReason.invalid(e.field()), e.allowed());
    }
  }

  private static Translated translate(Fields old, KnownStandard known) {
    Endpoint endpoint = BaseUrl.of(old.endpoint(), known.operations()).endpoint();
    Description description = Description.NONE;
    Optional<String> without = Optional.empty();
    try {
      description = new Description(old.description());
    } catch (InvalidValue e) {
      without = Optional.of("it was imported without it: " + e.allowed());
    }
    return new Translated.To(
        new DefinitionFields(
            description,
            Provider.meantBy(known.standard().format(), Optional.of(endpoint)),
            known.standard().handle(),
            endpoint,
            new ModelName(old.model()),
            old.dimensions().map(Dimensions::new),
            old.contextLimit().map(ContextLimit::new)),
        without);
  }
}
