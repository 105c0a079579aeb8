package io.claviger.persistence;

import static io.claviger.persistence.ConcurrentAttempts.code;

import io.claviger.application.instances.InstanceWriteBuilder;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Audience;

/** Changes of one field of a service, and its deletion, each with its outcome as text. */
final class ServiceWrites {
  private final RacingUseCases use;

  ServiceWrites(RacingUseCases use) {
    this.use = use;
  }

  String enabled(User actor, Instance service, boolean enabled) {
    return patch(actor, service, Precondition.NONE, InstanceWriteBuilder.of().enabled(enabled));
  }

  String audience(User actor, Instance service, Audience audience) {
    return patch(actor, service, Precondition.NONE, InstanceWriteBuilder.of().audience(audience));
  }

  String userKeys(User actor, Instance service, boolean on) {
    return patch(actor, service, Precondition.NONE, InstanceWriteBuilder.of().userKeys(on));
  }

  String endpoint(User actor, Instance service, String url) {
    return patch(actor, service, Precondition.NONE, InstanceWriteBuilder.of().endpoint(url));
  }

  String provider(User actor, Instance service, Provider provider) {
    return patch(actor, service, Precondition.NONE, InstanceWriteBuilder.of().provider(provider));
  }

  String description(User actor, Instance service, Precondition precondition, String text) {
    return patch(actor, service, precondition, InstanceWriteBuilder.of().description(text));
  }

  String displayName(User actor, Instance service, Precondition precondition, String text) {
    return patch(actor, service, precondition, InstanceWriteBuilder.of().displayName(text));
  }

  String delete(User actor, Instance service) {
    return code(use.instances.delete(RacingUseCases.as(actor), service.ref(), Precondition.NONE));
  }

  private String patch(
      User actor, Instance service, Precondition precondition, InstanceWriteBuilder write) {
    return code(
        use.instances.patch(
            RacingUseCases.as(actor), service.ref(), precondition, write.command()));
  }
}
