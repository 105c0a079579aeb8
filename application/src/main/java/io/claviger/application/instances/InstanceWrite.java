package io.claviger.application.instances;

import io.claviger.domain.Field;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.SettingsWrite;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.Secret;
import java.util.Optional;

/**
 * The fields of a write to an instance.
 *
 * @param apiKey absent keeps the stored key, null clears it, a value replaces it
 * @param customHeaders likewise, for all custom headers together
 * @param sameAccount whether calls reach the same account at the provider afterwards; needed where
 *     the key or what else decides that is replaced, and something is stored in the account
 */
public record InstanceWrite(
    Field<Definition.Ref> definition,
    SettingsWrite settings,
    Field<Secret> apiKey,
    Field<CustomHeaders> customHeaders,
    Optional<Boolean> sameAccount) {
  /** A write that does not say whether the account stays the same. */
  public InstanceWrite(
      Field<Definition.Ref> definition,
      SettingsWrite settings,
      Field<Secret> apiKey,
      Field<CustomHeaders> customHeaders) {
    this(definition, settings, apiKey, customHeaders, Optional.empty());
  }

  /** The same write, with what it says of the account. */
  public InstanceWrite withAccount(Optional<Boolean> same) {
    return new InstanceWrite(definition, settings, apiKey, customHeaders, same);
  }
}
