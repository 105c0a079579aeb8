package io.claviger.application.gateway;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.testkit.RecordCopy;
import java.util.List;

/** Copies of a service with one field changed, against all rules, as somebody could with SQL. */
final class TamperedInstances {
  private TamperedInstances() {}

  static Instance keyPolicy(Instance service, KeyPolicy policy) {
    return setting(service, "keyPolicy", policy);
  }

  static Instance endpoint(Instance service, String url) {
    return field(service, DefinitionFields.ENDPOINT, Endpoint.of(url));
  }

  static Instance apiStandard(Instance service, String handle) {
    return field(service, DefinitionFields.API_STANDARD, new Handle(handle));
  }

  static Instance disabled(Instance service) {
    return setting(
        service, "own", service.settings().own().with(InstanceField.ENABLED.scalar(), false));
  }

  static Instance storing(Instance service, String... kinds) {
    return setting(
        service,
        "own",
        service
            .settings()
            .own()
            .with(InstanceField.STORAGE.scalar(), StorageKinds.of(List.of(kinds))));
  }

  private static <V> Instance field(Instance service, ScalarField<V> field, V value) {
    DefinitionFields fields = service.settings().fields();
    return setting(service, "fields", new DefinitionFields(fields.values().with(field, value)));
  }

  private static Instance setting(Instance service, String name, Object value) {
    return RecordCopy.with(service, "settings", RecordCopy.with(service.settings(), name, value));
  }
}
