package io.claviger.domain.instances;

import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialBinding;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.policy.KeyCandidates;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.standards.KeyPlacement;

/** The data of an instance that are about keys: which keys may be used, and where they are sent. */
public interface KeyedInstance {
  Instance.Id id();

  User.Id owner();

  Instance.Ref ref();

  Provider provider();

  Endpoint endpoint();

  /** Returns how a key is sent according to the API standard. */
  KeyPlacement placement();

  /** Returns the settings that are sent with each call. */
  SentSettings sent();

  /** Returns the stored settings of the credential. */
  CredentialSettings credential();

  boolean enabled();

  KeyPolicy keyPolicy();

  /** Returns where and how a key of this instance is sent. */
  default Destination destination() {
    return new Destination(endpoint(), placement(), sent());
  }

  /** Returns the binding of this instance's credential. */
  default CredentialBinding credentialBinding() {
    return new CredentialBinding(id().value(), endpoint(), placement(), sent(), credential());
  }

  /**
   * Returns the kind of credential that calls use. The kind is {@link CredentialKind#NONE} if the
   * API standard sends no key, even if an API key is stored.
   */
  default CredentialKind credentialKind() {
    CredentialKind kind = credential().kind();
    return kind == CredentialKind.API_KEY && placement().isNone() ? CredentialKind.NONE : kind;
  }

  /**
   * Whether calls send a secret to the endpoint: a key, a token or custom header values.
   *
   * @param headers whether header values are stored
   */
  default boolean sendsSecret(boolean headers) {
    return credentialKind() != CredentialKind.NONE || headers;
  }

  /**
   * Returns who may use the instance besides its owner. For a user's own service, these are the
   * users with a share.
   */
  Audience audience();

  default boolean isSystemLevel() {
    return owner().equals(User.Id.SYSTEM);
  }

  /**
   * Whether the destination is the provider's built-in default destination, which is the only one
   * to which the deployment key may be sent. A default endpoint that administrators set for the
   * provider does not count, because the deployment key belongs to the operator.
   */
  default boolean isAtProvidersDefault() {
    Provider provider = Provider.of(provider().wireName());
    return provider.defaultEndpoint().isPresent()
        && provider.defaultEndpoint().get().equals(endpoint())
        && provider.defaultPlacement().equals(placement());
  }

  /**
   * Collects the facts for the key decision about this instance and one caller.
   *
   * @param deploymentKey whether the operator has configured a key for the provider. The key is a
   *     candidate only if it may be sent to the instance's destination
   * @param headersOpen whether the values of the custom headers can be decrypted; true if there are
   *     none
   */
  default KeyCandidates keyCandidates(
      boolean mayUse,
      KeyCandidates.KeyCandidate userKey,
      KeyCandidates.KeyCandidate centralKey,
      boolean deploymentKey,
      boolean headersOpen) {
    return new KeyCandidates(
        mayUse,
        enabled(),
        credentialKind() == CredentialKind.NONE,
        keyPolicy(),
        userKey,
        centralKey,
        deploymentKey
            && credential().kind() == CredentialKind.API_KEY
            && isSystemLevel()
            && isAtProvidersDefault(),
        headersOpen);
  }
}
