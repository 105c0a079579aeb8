package io.claviger.application.keys;

import io.claviger.application.keys.port.Sealer;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.instances.KeyedInstance;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import java.util.Optional;

/**
 * Opens the values that are stored for an instance. Each value can be opened only with the binding
 * of its row. The caller must close the opened secrets.
 */
public final class SecretOpener {
  private final Sealer sealer;

  public SecretOpener(Sealer sealer) {
    this.sealer = sealer;
  }

  /** A sealed value, with the only binding that opens it. */
  public record Bound(SealedValue value, KeyBinding binding) {}

  /**
   * Returns the stored API key; empty if the instance has another kind of credential. The provider
   * receives an API key unchanged.
   */
  public static Optional<Bound> boundApiKey(KeyedInstance instance, SealedKeys stored) {
    return instance.credential().kind() == CredentialKind.API_KEY
        ? boundCredential(instance, stored)
        : Optional.empty();
  }

  /**
   * Returns what is stored for the credential: the API key, the secret for token requests, or the
   * owner's confirmation of a credential without a secret. The returned value must never be sent to
   * a provider. Only {@link #boundApiKey} returns a key that may be sent.
   */
  public static Optional<Bound> boundCredential(KeyedInstance instance, SealedKeys stored) {
    return stored
        .apiKey()
        .map(
            value ->
                new Bound(
                    value,
                    KeyBinding.ofCredential(
                        instance.id(),
                        instance.owner(),
                        instance.destination(),
                        instance.credential())));
  }

  public static Optional<Bound> boundUserKey(
      KeyedInstance instance, SealedKeys stored, User.Id user) {
    return stored
        .userKey()
        .map(
            value ->
                new Bound(
                    value, KeyBinding.ofUserKey(instance.id(), user, instance.destination())));
  }

  public static Optional<Bound> boundHeaders(KeyedInstance instance, SealedKeys stored) {
    return stored
        .headers()
        .map(
            value -> new Bound(value, KeyBinding.ofHeaders(instance.id(), instance.destination())));
  }

  /**
   * Returns the key from which the names of callers are derived; empty if there is no such key yet.
   */
  public static Optional<Bound> boundNamingKey(KeyedInstance instance, SealedKeys stored) {
    return stored.namingKey().map(value -> new Bound(value, KeyBinding.ofNamingKey(instance.id())));
  }

  /**
   * @return the opened value; empty if the value can't be opened
   */
  public Optional<Secret> open(Bound stored) {
    return sealer.open(stored.value(), stored.binding());
  }

  /** Whether this node lacks the encryption key with which the value is sealed. */
  public boolean lacksKeyOf(Bound stored) {
    return sealer.lacksKeyOf(stored.value());
  }

  /**
   * @return the headers, or {@link CustomHeaders#NONE} if none are stored; empty if stored headers
   *     can't be opened
   */
  public Optional<CustomHeaders> openHeaders(Optional<Bound> stored) {
    if (stored.isEmpty()) {
      return Optional.of(CustomHeaders.NONE);
    }
    Optional<Secret> packed = open(stored.get());
    try {
      return packed.map(CustomHeaders::unpacked);
    } finally {
      packed.ifPresent(Secret::close);
    }
  }

  /**
   * @return the opened value; empty if no value is stored for the credential, or if the stored
   *     value can't be opened
   */
  public Optional<Secret> credential(KeyedInstance instance, SealedKeys stored) {
    return boundCredential(instance, stored).flatMap(this::open);
  }

  /**
   * @return the user's own key; empty if the user has stored no key, or if the stored key can't be
   *     opened
   */
  public Optional<Secret> userKey(KeyedInstance instance, SealedKeys stored, User.Id user) {
    return boundUserKey(instance, stored, user).flatMap(this::open);
  }

  /**
   * @return the headers, or {@link CustomHeaders#NONE} if none are stored; empty if stored headers
   *     can't be opened
   */
  public Optional<CustomHeaders> headers(KeyedInstance instance, SealedKeys stored) {
    return openHeaders(boundHeaders(instance, stored));
  }
}
