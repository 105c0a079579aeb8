package io.claviger.imports.shared;

import io.claviger.application.definitions.port.DefinitionStore.VisibleDefinition;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.DefinitionPermissions;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.standards.ApiStandard;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A user's service without its key. An {@link IncomingKey} imports the key.
 *
 * @param id the service's id and name in the source
 * @param definition the source id of the definition from which the service was created; empty if
 *     there is none
 * @param createdAt when the service was created in the source; empty if unknown
 */
public record IncomingOwnedService(
    TargetStores stores,
    String id,
    IncomingOwner owner,
    Handle handle,
    DefinitionFields fields,
    Optional<String> definition,
    Optional<Instant> createdAt)
    implements Incoming.Owned {
  private static final String WITHOUT_DEFINITION =
      "it was imported without the reference to its definition";

  @Override
  public ImportedKind kind() {
    return ImportedKind.SERVICE;
  }

  @Override
  public Made make(Arrivals arrivals, IncomingOwner.Here owning) {
    if (stores.owned(kind(), owning, handle).isPresent()) {
      return new Made.LeftOut(ReportReason.HANDLE_TAKEN, "");
    }
    Optional<ApiStandard> standard = stores.standards.hold(fields.apiStandard());
    if (standard.isEmpty()) {
      return new Made.LeftOut(ReportReason.STANDARD_MISSING, fields.apiStandard().value());
    }
    Optional<Definition> from = visible(arrivals, owning);
    Instance instance =
        new Instance(
            new Instance.Id(arrivals.nextId()),
            owning.id(),
            new Instance.Ref(owning.handle(), handle),
            new InstanceSettings(
                from.map(Definition::id),
                fields,
                KeyPolicy.DEFAULT,
                Limits.NONE,
                InstanceSettings.defaults(handle)),
            standard.get().placement(),
            from.map(Definition::ref),
            List.of(),
            Optional.empty(),
            Optional.of(owning.id()),
            Optional.empty(),
            1,
            createdAt.orElse(arrivals.now()),
            arrivals.now());
    stores.services.insert(instance, new SecretChange.Clear(), new SecretChange.Clear());
    return new Made.New(
        instance.id().value(),
        Optional.empty(),
        AuditAction.SERVICE_CREATE,
        AuditTargets.service(instance),
        List.of());
  }

  /** Returns the service's definition if the service's owner may see it; otherwise empty. */
  private Optional<Definition> visible(Arrivals arrivals, IncomingOwner.Here owning) {
    if (definition.isEmpty()) {
      return Optional.empty();
    }
    Optional<VisibleDefinition> found =
        arrivals
            .find(ImportedKind.DEFINITION, definition.get())
            .flatMap(stores::definitionRef)
            .flatMap(ref -> stores.definitions.hold(ref, owning.id()));
    if (found.isEmpty()) {
      arrivals.addRemark(kind(), id, ReportReason.DEFINITION_MISSING, WITHOUT_DEFINITION);
      return Optional.empty();
    }
    VisibleDefinition seen = found.get();
    if (!DefinitionPermissions.maySee(seen.definition(), owning.id(), false, seen.shared())) {
      arrivals.addRemark(kind(), id, ReportReason.DEFINITION_NOT_VISIBLE, WITHOUT_DEFINITION);
      return Optional.empty();
    }
    return Optional.of(seen.definition());
  }
}
