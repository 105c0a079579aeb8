package io.claviger.imports.shared;

import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.DisplayName;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.CompressionThreshold;
import io.claviger.domain.models.FailureMode;
import io.claviger.domain.models.ModelAlias;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelFields;
import io.claviger.domain.models.ModelRouteSettings;
import io.claviger.domain.models.ModelSettings;
import io.claviger.domain.models.ModelTarget;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.standards.WireFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A model to import into the catalogue. The first model imported into an empty catalogue becomes
 * the default model.
 *
 * @param label the model's name in the source
 */
public record IncomingModel(
    TargetStores stores, String id, String label, Fields fields, Instant createdAt)
    implements Incoming {

  /**
   * The fields of a model that the source's rules determine.
   *
   * @param name the name by which callers call the model; empty if it is the provider's name
   * @param targets a list of the services for the model, at least one, in the order in which calls
   *     try them
   */
  public record Fields(
      Optional<ModelAlias> name,
      List<Target> targets,
      FailureMode onFailure,
      DisplayName displayName,
      boolean enabled,
      Optional<ContextLimit> contextLimit,
      Optional<CompressionThreshold> compressionThreshold) {
    public Fields {
      targets = List.copyOf(targets);
    }
  }

  /**
   * @param service the service's id in the source
   * @param model the provider's name for the model
   */
  public record Target(String service, ModelName model) {}

  @Override
  public ImportedKind kind() {
    return ImportedKind.MODEL;
  }

  @Override
  public List<Needed> needed() {
    return fields.targets().stream()
        .map(t -> new Needed(ImportedKind.SERVICE, t.service(), ReportReason.SERVICE_MISSING))
        .toList();
  }

  @Override
  public Made make(Arrivals arrivals) {
    stores.models.lock();
    List<ModelTarget> targets = new ArrayList<>();
    List<Instance> services = new ArrayList<>();
    for (Target target : fields.targets()) {
      UUID service = arrivals.require(ImportedKind.SERVICE, target.service());
      Optional<Instance> found =
          stores
              .services
              .find(new Instance.Id(service), User.Id.SYSTEM, arrivals.now())
              .map(seen -> seen.instance())
              .filter(Instance::isSystemLevel);
      if (found.isEmpty()) {
        return new Made.LeftOut(ReportReason.SERVICE_MISSING, "");
      }
      services.add(found.get());
      targets.add(new ModelTarget(found.get().id(), target.model()));
    }
    WireFormat format = formatOf(services.get(0));
    if (services.stream().anyMatch(service -> formatOf(service) != format)) {
      return new Made.LeftOut(
          ReportReason.INVALID_MODEL, "all targets of a model speak the same format");
    }
    Set<ModelAlias> taken = stores.models.names(format);
    ModelName first = targets.get(0).model();
    if (fields.name().filter(taken::contains).isPresent()) {
      return new Made.LeftOut(ReportReason.NAME_TAKEN, "another model of the format has its name");
    }
    ModelConfig model =
        new ModelConfig(
            new ModelConfig.Id(arrivals.nextId()),
            settings(services.get(0).provider(), first),
            stores.models.live(Optional.empty(), 1).isEmpty(),
            Optional.of(targets.get(0).service()),
            new ModelRouteSettings(
                format,
                fields.name().orElseGet(() -> ModelAlias.of(first, taken)),
                fields.onFailure(),
                targets.subList(1, targets.size())),
            Optional.of(Handle.SYSTEM),
            Optional.of(Handle.SYSTEM),
            1,
            createdAt,
            arrivals.now());
    remarkLimits(arrivals, services);
    stores.models.insert(model, User.Id.SYSTEM);
    return new Made.New(
        model.id().value(),
        Optional.empty(),
        AuditAction.MODEL_CREATE,
        AuditTargets.model(model),
        List.of());
  }

  /**
   * Reports services whose own limits do not allow the model. These limits apply to callers without
   * other limits.
   */
  private void remarkLimits(Arrivals arrivals, List<Instance> services) {
    for (int n = 0; n < services.size(); n++) {
      String called = fields.targets().get(n).model().value();
      Instance service = services.get(n);
      Optional<Set<ModelPattern>> allowed = service.settings().limits().models();
      if (allowed.filter(models -> !ModelPattern.anyMatches(models, called)).isPresent()) {
        arrivals.addRemark(kind(), label, ReportReason.NOT_IN_LIMITS, service.ref().toString());
      }
    }
  }

  private WireFormat formatOf(Instance service) {
    return stores.models.formatOf(service.settings().fields().apiStandard());
  }

  private ModelSettings settings(Provider provider, ModelName model) {
    return new ModelSettings(
        FieldValues.defaults(ModelFields.ALL)
            .with(DefinitionFields.PROVIDER, provider)
            .with(DefinitionFields.MODEL, model)
            .with(CommonFields.DISPLAY_NAME, fields.displayName())
            .with(ModelFields.ENABLED, fields.enabled())
            .withOptional(DefinitionFields.CONTEXT_LIMIT, fields.contextLimit())
            .withOptional(ModelFields.COMPRESSION_THRESHOLD, fields.compressionThreshold()));
  }
}
