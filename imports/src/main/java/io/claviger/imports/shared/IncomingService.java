package io.claviger.imports.shared;

import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.AuditTargets;
import io.claviger.domain.Description;
import io.claviger.domain.DisplayName;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.imports.shared.ServiceKeys.KeyAtSource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * A system-level service.
 *
 * @param label the service's name in the source
 * @param key the function that decrypts the service's key; the import closes the returned secret
 */
public record IncomingService(
    TargetStores stores,
    String id,
    String label,
    Fields fields,
    Supplier<SourceKey> key,
    Instant createdAt)
    implements Incoming {

  /**
   * The fields of a service that the source's rules determine.
   *
   * @param standard the handle of the service's API standard
   * @param audience who may use the service
   * @param model the model for calls that name no other model
   * @param limits a set of limits that apply to a caller whose share has no limit of the same kind
   */
  public record Fields(
      Handle handle,
      Provider provider,
      Handle standard,
      Audience audience,
      Endpoint endpoint,
      ModelName model,
      DisplayName displayName,
      boolean enabled,
      KeyPolicy keyPolicy,
      Limits limits) {
    /**
     * Creates the fields of a service that everybody may use without limits. The service has the
     * provider's usual API standard.
     */
    public Fields(
        Handle handle,
        Provider provider,
        Endpoint endpoint,
        ModelName model,
        DisplayName displayName,
        boolean enabled,
        KeyPolicy keyPolicy) {
      this(
          handle,
          provider,
          provider.defaultStandard(),
          Audience.EVERYBODY,
          endpoint,
          model,
          displayName,
          enabled,
          keyPolicy,
          Limits.NONE);
    }
  }

  @Override
  public ImportedKind kind() {
    return ImportedKind.SERVICE;
  }

  @Override
  public Made make(Arrivals arrivals) {
    Instance.Ref ref = new Instance.Ref(Handle.SYSTEM, fields.handle());
    if (stores.services.find(ref, User.Id.SYSTEM, arrivals.now()).isPresent()) {
      return new Made.LeftOut(ReportReason.HANDLE_TAKEN, ref.toString());
    }
    Optional<ApiStandard> standard = stores.standards.hold(fields.standard());
    if (standard.isEmpty()) {
      return new Made.LeftOut(ReportReason.STANDARD_MISSING, fields.standard().value());
    }
    Instance bare = instance(arrivals, ref, standard.get());
    Optional<SealedValue> sealed = sealed(arrivals, bare);
    Instance instance =
        sealed.isPresent()
            ? new Instance(
                bare.id(),
                bare.owner(),
                bare.ref(),
                bare.settings(),
                bare.placement(),
                bare.definitionRef(),
                bare.customHeaderNames(),
                Optional.of(arrivals.now()),
                bare.endpointSetBy(),
                bare.headersSetBy(),
                bare.version(),
                bare.createdAt(),
                bare.updatedAt())
            : bare;
    stores.services.insert(
        instance,
        sealed.<SecretChange>map(SecretChange.Replace::new).orElse(new SecretChange.Clear()),
        new SecretChange.Clear());
    return new Made.New(
        instance.id().value(),
        Optional.empty(),
        AuditAction.SERVICE_CREATE,
        AuditTargets.service(instance),
        sealed.isPresent() ? List.of("api_key") : List.of());
  }

  @Override
  public Optional<Changed> again(UUID service, Arrivals arrivals) {
    return stores.keys.compare(
        new Instance.Id(service),
        new KeyAtSource(fields.endpoint(), fields.standard(), () -> key.get().usable(), label),
        arrivals);
  }

  private Instance instance(Arrivals arrivals, Instance.Ref ref, ApiStandard standard) {
    FieldValues own =
        InstanceSettings.defaults(fields.handle())
            .with(InstanceField.DISPLAY_NAME.scalar(), fields.displayName())
            .with(InstanceField.ENABLED.scalar(), fields.enabled())
            .with(InstanceField.AUDIENCE.scalar(), fields.audience());
    return new Instance(
        new Instance.Id(arrivals.nextId()),
        User.Id.SYSTEM,
        ref,
        new InstanceSettings(
            Optional.empty(),
            new DefinitionFields(
                Description.NONE,
                fields.provider(),
                standard.handle(),
                fields.endpoint(),
                fields.model(),
                Optional.empty(),
                Optional.empty()),
            fields.keyPolicy(),
            fields.limits(),
            own),
        standard.placement(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        1,
        createdAt,
        arrivals.now());
  }

  private Optional<SealedValue> sealed(Arrivals arrivals, Instance instance) {
    return switch (key.get()) {
      case SourceKey.Absent absent -> Optional.empty();
      case SourceKey.Closed closed -> withoutKey(arrivals, ReportReason.KEY_DOES_NOT_OPEN);
      case SourceKey.Unusable unusable -> withoutKey(arrivals, ReportReason.INVALID_API_KEY);
      case SourceKey.Usable usable -> {
        try (var secret = usable.secret()) {
          yield instance.placement().isNone()
              ? withoutKey(arrivals, ReportReason.STANDARD_TAKES_NO_KEY)
              : Optional.of(
                  stores.sealer.seal(
                      secret, KeyBinding.ofApiKey(instance.id(), instance.destination())));
        }
      }
    };
  }

  private Optional<SealedValue> withoutKey(Arrivals arrivals, ReportReason reason) {
    arrivals.addRemark(ImportedKind.KEY, label, reason, "the service was imported without it");
    return Optional.empty();
  }
}
