package io.claviger.web.instances;

import io.claviger.application.instances.InstanceView;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.DefinitionRef;
import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.instances.Organization;
import io.claviger.web.policy.KeyPolicyJson;
import io.claviger.web.policy.LimitsJson;
import io.claviger.web.policy.Roles;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** An LLM service as one caller is shown it. */
record InstanceJson(
    UUID id,
    String owner,
    String handle,
    String ref,
    Optional<String> role,
    String displayName,
    String description,
    Optional<String> definition,
    String provider,
    String apiStandard,
    String endpoint,
    String model,
    Optional<Integer> dimensions,
    Optional<Integer> contextLimit,
    int timeoutMs,
    Optional<String> organization,
    List<String> customHeaderNames,
    boolean enabled,
    boolean isDefault,
    KeyPolicyJson keyPolicy,
    LimitsJson limits,
    boolean hasApiKey,
    boolean hasEffectiveApiKey,
    Optional<Instant> apiKeySetAt,
    String gatewayUrl,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  /**
   * @param gateway what {@code gateway_url} begins with
   */
  static InstanceJson of(InstanceView view, String gateway) {
    Instance instance = view.instance();
    InstanceSettings settings = instance.settings();
    DefinitionFields fields = settings.fields();
    return new InstanceJson(
        instance.id().value(),
        instance.ref().owner().value(),
        instance.ref().handle().value(),
        instance.ref().toString(),
        view.role().map(Roles::wireName),
        settings.displayName().value(),
        fields.description().value(),
        instance.definitionRef().map(DefinitionRef::toString),
        fields.provider().wireName(),
        fields.apiStandard().value(),
        fields.endpoint().url(),
        fields.model().value(),
        fields.dimensions().map(Dimensions::value),
        fields.contextLimit().map(ContextLimit::value),
        settings.timeout().millis(),
        settings.organization().map(Organization::value),
        instance.customHeaderNames().stream().map(HeaderName::value).toList(),
        settings.enabled(),
        view.isDefault(),
        KeyPolicyJson.of(settings.keyPolicy()),
        LimitsJson.of(settings.limits()),
        instance.hasApiKey(),
        view.hasEffectiveApiKey(),
        instance.apiKeySetAt(),
        gateway + "/gateway/services/" + instance.ref(),
        instance.version(),
        instance.createdAt(),
        instance.updatedAt());
  }
}
