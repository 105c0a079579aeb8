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
 * @param apiKey the key; if absent, the stored key is kept; if null, the stored key is cleared
 * @param customHeaders the complete custom headers; if absent, the stored headers are kept; if
 *     null, the stored headers are cleared
 * @param credential the credential; if absent, the stored credential is kept; if null, the kind of
 *     the credential becomes {@code api_key} without a stored key; must be absent if {@code apiKey}
 *     is given
 * @param sameAccount whether calls still reach the same account at the provider after the write;
 *     required if the write might change the account, and objects are stored or shared in the
 *     present account
 */
public record InstanceWrite(
    Field<Definition.Ref> definition,
    SettingsWrite settings,
    Field<Secret> apiKey,
    Field<CustomHeaders> customHeaders,
    Optional<Boolean> sameAccount,
    Field<CredentialWrite> credential) {
  /** Creates a write that can contain a key, but no other credential. */
  public InstanceWrite(
      Field<Definition.Ref> definition,
      SettingsWrite settings,
      Field<Secret> apiKey,
      Field<CustomHeaders> customHeaders,
      Optional<Boolean> sameAccount) {
    this(definition, settings, apiKey, customHeaders, sameAccount, Field.absent());
  }

  /** Creates a write that does not state {@code sameAccount}. */
  public InstanceWrite(
      Field<Definition.Ref> definition,
      SettingsWrite settings,
      Field<Secret> apiKey,
      Field<CustomHeaders> customHeaders) {
    this(definition, settings, apiKey, customHeaders, Optional.empty());
  }

  /** Returns a copy of this write with the given {@code sameAccount}. */
  public InstanceWrite withAccount(Optional<Boolean> same) {
    return new InstanceWrite(definition, settings, apiKey, customHeaders, same, credential);
  }

  /** Returns a copy of this write that clears all custom headers. */
  public InstanceWrite withoutHeaders() {
    return new InstanceWrite(definition, settings, apiKey, Field.ofNull(), sameAccount, credential);
  }

  /** Returns a copy of this write with the given credential. */
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

  /** Whether the write sets the kind of the credential to {@code api_key} without storing a key. */
  boolean clearsKind() {
    return !credential.isAbsent() && credential.given().isEmpty();
  }

  /** Whether the write clears the stored secret or confirmation of the credential. */
  boolean clearsCredential() {
    return (!apiKey.isAbsent() && apiKey.given().isEmpty()) || clearsKind();
  }
}
