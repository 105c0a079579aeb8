package io.claviger.console.services;

import io.claviger.application.instances.InstanceWrite;
import io.claviger.domain.Field;
import io.claviger.domain.definitions.DefinitionWrite;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.FieldWrites;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.instances.SettingsWrite;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeyPolicyWrite;
import io.claviger.domain.policy.LimitsWrite;

/** Changes of one thing about a service; everything else keeps its value. */
final class Writes {
  /** Removes the stored key. */
  static final InstanceWrite NO_KEY = write(Field.absent(), FieldWrites.NONE, Field.ofNull());

  private Writes() {}

  /**
   * Stores a key.
   *
   * @param endpoint the endpoint that the page showed to whoever typed the key
   */
  static InstanceWrite key(Secret key, Endpoint endpoint) {
    return write(Field.of(endpoint), FieldWrites.NONE, Field.of(key));
  }

  static InstanceWrite enabled(boolean enabled) {
    return write(
        Field.absent(),
        FieldWrites.NONE.with(InstanceField.ENABLED, Field.of(enabled)),
        Field.absent());
  }

  private static InstanceWrite write(Field<Endpoint> endpoint, FieldWrites own, Field<Secret> key) {
    return new InstanceWrite(
        Field.absent(),
        new SettingsWrite(
            new DefinitionWrite(
                Field.absent(),
                Field.absent(),
                Field.absent(),
                endpoint,
                Field.absent(),
                Field.absent(),
                Field.absent()),
            KeyPolicyWrite.ABSENT,
            LimitsWrite.ABSENT,
            own),
        key,
        Field.absent());
  }
}
