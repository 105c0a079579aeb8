package io.claviger.application.gateway;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.InstanceSettings;
import io.claviger.domain.policy.KeyPolicy;

/** Copies of a service with one field changed, against all rules, as somebody could with SQL. */
final class TamperedInstances {
  private TamperedInstances() {}

  static Instance keyPolicy(Instance service, KeyPolicy policy) {
    InstanceSettings s = service.settings();
    return with(
        service, new InstanceSettings(s.definition(), s.fields(), policy, s.limits(), s.own()));
  }

  static Instance endpoint(Instance service, String url) {
    DefinitionFields f = service.settings().fields();
    return fields(
        service,
        new DefinitionFields(
            f.description(),
            f.provider(),
            f.apiStandard(),
            Endpoint.of(url),
            f.model(),
            f.dimensions(),
            f.contextLimit()));
  }

  static Instance apiStandard(Instance service, String handle) {
    DefinitionFields f = service.settings().fields();
    return fields(
        service,
        new DefinitionFields(
            f.description(),
            f.provider(),
            new Handle(handle),
            f.endpoint(),
            f.model(),
            f.dimensions(),
            f.contextLimit()));
  }

  static Instance disabled(Instance service) {
    InstanceSettings s = service.settings();
    return with(
        service,
        new InstanceSettings(
            s.definition(),
            s.fields(),
            s.keyPolicy(),
            s.limits(),
            s.own().with(InstanceField.ENABLED.scalar(), false)));
  }

  private static Instance fields(Instance service, DefinitionFields fields) {
    InstanceSettings s = service.settings();
    return with(
        service, new InstanceSettings(s.definition(), fields, s.keyPolicy(), s.limits(), s.own()));
  }

  private static Instance with(Instance service, InstanceSettings settings) {
    return new Instance(
        service.id(),
        service.owner(),
        service.ref(),
        settings,
        service.placement(),
        service.definitionRef(),
        service.customHeaderNames(),
        service.apiKeySetAt(),
        service.endpointSetBy(),
        service.version(),
        service.createdAt(),
        service.updatedAt());
  }
}
