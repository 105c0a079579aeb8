package io.claviger.application.keys;

import io.claviger.application.keys.port.Sealer;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.KeyedInstance;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import java.util.List;
import java.util.Optional;

/**
 * Opens what is stored for an instance, each value under the only binding that it may open under:
 * that of the row it was read with. What comes out is the caller's to close.
 */
public final class SecretOpener {
  private final Sealer sealer;

  public SecretOpener(Sealer sealer) {
    this.sealer = sealer;
  }

  /** A sealed value, and the only binding that it may open under. */
  public record Bound(SealedValue value, KeyBinding binding) {}

  public static Optional<Bound> boundApiKey(KeyedInstance instance, SealedKeys stored) {
    return stored
        .apiKey()
        .map(value -> new Bound(value, KeyBinding.ofApiKey(instance.id(), instance.destination())));
  }

  public static Optional<Bound> boundUserKey(
      KeyedInstance instance, SealedKeys stored, UserId user) {
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
   * @return empty where it does not open
   */
  public Optional<Secret> open(Bound stored) {
    return sealer.open(stored.value(), stored.binding());
  }

  /**
   * @return empty where what is stored does not open; no headers at all where none are stored
   */
  public Optional<CustomHeaders> openHeaders(Optional<Bound> stored) {
    if (stored.isEmpty()) {
      return Optional.of(new CustomHeaders(List.of()));
    }
    Optional<Secret> packed = open(stored.get());
    try {
      return packed.map(CustomHeaders::unpacked);
    } finally {
      packed.ifPresent(Secret::close);
    }
  }

  /**
   * @return empty where none is stored or what is stored does not open
   */
  public Optional<Secret> apiKey(KeyedInstance instance, SealedKeys stored) {
    return boundApiKey(instance, stored).flatMap(this::open);
  }

  /**
   * @return empty where this user stores none or what is stored does not open
   */
  public Optional<Secret> userKey(KeyedInstance instance, SealedKeys stored, UserId user) {
    return boundUserKey(instance, stored, user).flatMap(this::open);
  }

  /**
   * @return empty where what is stored does not open; no headers at all where none are stored
   */
  public Optional<CustomHeaders> headers(KeyedInstance instance, SealedKeys stored) {
    return openHeaders(boundHeaders(instance, stored));
  }
}
