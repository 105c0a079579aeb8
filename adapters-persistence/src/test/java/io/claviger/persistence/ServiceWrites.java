package io.claviger.persistence;

import io.claviger.application.instances.InstanceWrite;
import io.claviger.application.instances.WrittenInstance;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.Description;
import io.claviger.domain.DisplayName;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.DefinitionWrite;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.FieldWrites;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.instances.SettingsWrite;
import io.claviger.domain.policy.KeyPolicyWrite;
import io.claviger.domain.policy.LimitsWrite;

/** Changes of one field of a service, or its end, and what each came to. */
final class ServiceWrites {
  private static final KeyPolicyWrite KEYS_KEPT = KeyPolicyWrite.ABSENT;
  private static final DefinitionWrite NOTHING =
      new DefinitionWrite(
          Field.absent(),
          Field.absent(),
          Field.absent(),
          Field.absent(),
          Field.absent(),
          Field.absent(),
          Field.absent());

  private final RacingUseCases use;

  ServiceWrites(RacingUseCases use) {
    this.use = use;
  }

  String enabled(User by, Instance service, boolean enabled) {
    return patch(by, service, Precondition.NONE, settings(NOTHING, Field.of(enabled), KEYS_KEPT));
  }

  String userKeys(User by, Instance service, boolean on) {
    KeyPolicyWrite policy = new KeyPolicyWrite(Field.absent(), Field.of(on), Field.absent());
    return patch(by, service, Precondition.NONE, settings(NOTHING, Field.absent(), policy));
  }

  String endpoint(User by, Instance service, String url) {
    return patch(
        by, service, Precondition.NONE, fields(Field.absent(), Field.of(Endpoint.of(url))));
  }

  String provider(User by, Instance service, Provider provider) {
    return patch(by, service, Precondition.NONE, fields(Field.of(provider), Field.absent()));
  }

  String description(User by, Instance service, Precondition precondition, String text) {
    DefinitionWrite write =
        new DefinitionWrite(
            Field.of(new Description(text)),
            Field.absent(),
            Field.absent(),
            Field.absent(),
            Field.absent(),
            Field.absent(),
            Field.absent());
    return patch(by, service, precondition, settings(write, Field.absent(), KEYS_KEPT));
  }

  String displayName(User by, Instance service, Precondition precondition, String text) {
    return patch(
        by,
        service,
        precondition,
        new SettingsWrite(
            NOTHING,
            KEYS_KEPT,
            LimitsWrite.ABSENT,
            FieldWrites.NONE.with(InstanceField.DISPLAY_NAME, Field.of(new DisplayName(text)))));
  }

  String delete(User by, Instance service) {
    return switch (use.instances.delete(RacingUseCases.as(by), service.ref(), Precondition.NONE)) {
      case Outcome.Done<InstanceRef> deleted -> ConcurrentAttempts.DONE;
      case Outcome.Refused<InstanceRef> refused -> refused.why().code();
    };
  }

  private static SettingsWrite fields(Field<Provider> provider, Field<Endpoint> endpoint) {
    DefinitionWrite write =
        new DefinitionWrite(
            Field.absent(),
            provider,
            Field.absent(),
            endpoint,
            Field.absent(),
            Field.absent(),
            Field.absent());
    return settings(write, Field.absent(), KEYS_KEPT);
  }

  private static SettingsWrite settings(
      DefinitionWrite fields, Field<Boolean> enabled, KeyPolicyWrite policy) {
    return new SettingsWrite(
        fields, policy, LimitsWrite.ABSENT, FieldWrites.NONE.with(InstanceField.ENABLED, enabled));
  }

  private String patch(
      User by, Instance service, Precondition precondition, SettingsWrite settings) {
    InstanceWrite command =
        new InstanceWrite(Field.absent(), settings, Field.absent(), Field.absent());
    return switch (use.instances.patch(RacingUseCases.as(by), service.ref(), precondition, command)) {
      case Outcome.Done<WrittenInstance> written -> ConcurrentAttempts.DONE;
      case Outcome.Refused<WrittenInstance> refused -> refused.why().code();
    };
  }
}
