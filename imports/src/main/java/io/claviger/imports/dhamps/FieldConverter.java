package io.claviger.imports.dhamps;

import io.claviger.domain.Description;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.imports.dhamps.ImportContext.ExistingStandard;
import io.claviger.imports.dhamps.rules.BaseUrl;
import io.claviger.imports.dhamps.rules.SourceContent.Fields;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.ReportReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Converts the fields of an old definition or service to the fields of a new one. */
final class FieldConverter {
  private final ImportContext context;

  FieldConverter(ImportContext context) {
    this.context = context;
  }

  /** Converts the fields. Empty if the value is not valid here; the report then has the reason. */
  Optional<DefinitionFields> of(ImportedKind kind, String name, Fields old) {
    Optional<ExistingStandard> standard =
        Optional.ofNullable(context.standards.get(old.standard()));
    if (standard.isEmpty()) {
      context.report.addLeftOut(
          kind, name, ReportReason.STANDARD_MISSING, "its API standard does not exist here");
      return Optional.empty();
    }
    try {
      return Optional.of(fields(kind, name, old, standard.get()));
    } catch (InvalidValue e) {
      context.report.addLeftOut(kind, name, ReportReason.invalid(e.field()), e.allowed());
      return Optional.empty();
    }
  }

  /** The destination of a service with these fields. Empty when they are not valid here. */
  Optional<Destination> destination(Fields old) {
    Optional<ExistingStandard> standard =
        Optional.ofNullable(context.standards.get(old.standard()));
    try {
      return standard.map(
          s ->
              new Destination(
                  BaseUrl.of(old.endpoint(), operations(s)).endpoint(), s.standard().placement()));
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }

  private DefinitionFields fields(
      ImportedKind kind, String name, Fields old, ExistingStandard standard) {
    Endpoint endpoint = BaseUrl.of(old.endpoint(), operations(standard)).endpoint();
    DefinitionFields checked =
        new DefinitionFields(
            Description.NONE,
            Provider.meantBy(standard.standard().format(), Optional.of(endpoint)),
            standard.standard().handle(),
            endpoint,
            new ModelName(old.model()),
            old.dimensions().map(Dimensions::new),
            old.contextLimit().map(ContextLimit::new));
    return new DefinitionFields(
        description(kind, name, old),
        checked.provider(),
        checked.apiStandard(),
        checked.endpoint(),
        checked.model(),
        checked.dimensions(),
        checked.contextLimit());
  }

  /** A standard that existed before the import may allow fewer operations than its format has. */
  private static List<Operation> operations(ExistingStandard existing) {
    ApiStandard standard = existing.standard();
    List<Operation> operations = new ArrayList<>(standard.operations());
    if (!existing.came()) {
      operations.addAll(standard.format().operations());
    }
    return operations;
  }

  private Description description(ImportedKind kind, String name, Fields old) {
    try {
      return new Description(old.description());
    } catch (InvalidValue e) {
      context.report.addRemark(
          kind,
          name,
          ReportReason.INVALID_DESCRIPTION,
          "it was imported without it: " + e.allowed());
      return Description.NONE;
    }
  }
}
