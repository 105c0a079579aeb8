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
 * @param apiKey the key: if absent, the stored key is kept; if null, the stored key is cleared; a
 *     value replaces the stored key
 * @param customHeaders all custom headers together: absent keeps the stored headers, null clears
 *     them, a value replaces them
 * @param credential absent keeps the credential; null replaces it by an API key that is not stored
 *     yet; a value replaces it; must be absent if {@code apiKey} is given
 * @param sameAccount whether calls reach the same account at the provider afterwards; required if
 *     the write may change the account, and objects are stored or shared in the present account
 */
public record InstanceWrite(
    Field<Definition.Ref> definition,
    SettingsWrite settings,
    Field<Secret> apiKey,
    Field<CustomHeaders> customHeaders,
    Optional<Boolean> sameAccount,
    Field<CredentialWrite> credential) {
  /** A write that may contain a key, but no other credential. */
  public InstanceWrite(
      Field<Definition.Ref> definition,
      SettingsWrite settings,
      Field<Secret> apiKey,
      Field<CustomHeaders> customHeaders,
      Optional<Boolean> sameAccount) {
    this(definition, settings, apiKey, customHeaders, sameAccount, Field.absent());
  }

  /** A write that does not say whether calls reach the same account afterwards. */
  public InstanceWrite(
      Field<Definition.Ref> definition,
      SettingsWrite settings,
      Field<Secret> apiKey,
      Field<CustomHeaders> customHeaders) {
    this(definition, settings, apiKey, customHeaders, Optional.empty());
  }

  /** Returns the same write with another {@code sameAccount}. */
  public InstanceWrite withAccount(Optional<Boolean> same) {
    return new InstanceWrite(definition, settings, apiKey, customHeaders, same, credential);
  }

  /** Returns the same write, which also removes the custom headers. */
  public InstanceWrite withoutHeaders() {
    return new InstanceWrite(definition, settings, apiKey, Field.ofNull(), sameAccount, credential);
  }

  /** Returns the same write with this credential. */
  public InstanceWrite withCredential(Field<CredentialWrite> written) {
    return new InstanceWrite(definition, settings, apiKey, customHeaders, sameAccount, written);
  }

  /**
   * Returns the secret that the write contains: the API key, or the secret of another kind of
   * credential.
   */
  public Optional<Secret> secret() {
    return apiKey.given().or(() -> credential.given().flatMap(CredentialWrite::secret));
  }

  /** Whether the credential becomes a key that is not stored yet. */
  boolean clearsKind() {
    return !credential.isAbsent() && credential.given().isEmpty();
  }

  /** Whether the write clears the stored secret or confirmation of the credential. */
  boolean clearsCredential() {
    return (!apiKey.isAbsent() && apiKey.given().isEmpty()) || clearsKind();
  }
}
