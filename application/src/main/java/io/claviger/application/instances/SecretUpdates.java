package io.claviger.application.instances;

import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.keys.SecretUpdate;
import io.claviger.domain.keys.SecretUpdate.SecretAction;
import java.util.Optional;

/** Determines what a write does to the secrets of an instance, and seals them. */
final class SecretUpdates {
  private final Sealer sealer;

  SecretUpdates(Sealer sealer) {
    this.sealer = sealer;
  }

  /** Returns the change to the key. Clearing changes nothing if no key is stored. */
  static SecretAction ofKey(InstanceWrite write, Optional<Instance> before) {
    boolean stored = before.filter(Instance::hasApiKey).isPresent();
    return switch (write.apiKey()) {
      case Field.Absent<Secret> a -> SecretAction.KEEP;
      case Field.Null<Secret> n -> stored ? SecretAction.CLEAR : SecretAction.KEEP;
      case Field.Given<Secret> g -> SecretAction.REPLACE;
    };
  }

  /** Returns the change to the custom headers. An empty list clears them. */
  static SecretAction ofHeaders(InstanceWrite write, Optional<Instance> before) {
    boolean stored = before.filter(i -> !i.customHeaderNames().isEmpty()).isPresent();
    Optional<CustomHeaders> given = write.customHeaders().given().filter(h -> !h.isEmpty());
    if (given.isPresent()) {
      return SecretAction.REPLACE;
    }
    return stored && !write.customHeaders().isAbsent() ? SecretAction.CLEAR : SecretAction.KEEP;
  }

  /**
   * @throws RefusedException when the secrets may not be written in this way
   */
  static void demandInOrder(
      User.Id caller, Optional<Instance> before, ResolvedSettings resolved, InstanceWrite write) {
    SecretUpdate update =
        new SecretUpdate(
            resolved.standard().placement().isNone(),
            before.filter(i -> !i.destination().equals(resolved.destination())).isPresent(),
            before.filter(Instance::hasApiKey).isPresent(),
            before.filter(i -> !i.customHeaderNames().isEmpty()).isPresent(),
            ofKey(write, before),
            ofHeaders(write, before),
            endpointSetter(caller, before, resolved, write).equals(Optional.of(caller)));
    switch (update.judge()) {
      case FINE -> {}
      case TAKES_NO_KEY ->
          throw RefusedException.invalid(
              Fault.notAllowed(
                  "api_key",
                  "The API standard's key method is none: such a service takes no key."));
      case KEY_BOUND_TO_DESTINATION ->
          throw new RefusedException(
              new Refusal.Conflict(
                  "key_bound_to_destination",
                  "The stored API key and custom headers are sealed to the present endpoint and key"
                      + " placement. Send api_key and custom_headers again with this change, or"
                      + " clear them with null."));
      case DESTINATION_REQUIRED ->
          throw RefusedException.invalid(
              new Fault(
                  "/endpoint",
                  "destination_required",
                  "Name the endpoint that the api_key or custom_headers are for, in the same"
                      + " request."));
    }
  }

  /**
   * Returns who set the endpoint that the instance has after this write. The caller knows the
   * destination if they name it, or take it from a definition that they trust. Otherwise it is the
   * user who set the same endpoint before.
   */
  static Optional<User.Id> endpointSetter(
      User.Id caller, Optional<Instance> before, ResolvedSettings resolved, InstanceWrite write) {
    boolean named = write.settings().fields().get(DefinitionFields.ENDPOINT).given().isPresent();
    boolean fromTrusted =
        resolved
            .named()
            .filter(d -> d.isTrustedBy(caller) && d.fields().endpoint().equals(resolved.endpoint()))
            .isPresent();
    if (named || fromTrusted) {
      return Optional.of(caller);
    }
    return before
        .filter(i -> i.destination().endpoint().equals(resolved.endpoint()))
        .flatMap(Instance::endpointSetBy);
  }

  SecretChange sealedKey(
      Instance.Id id, ResolvedSettings resolved, InstanceWrite write, SecretAction action) {
    return switch (action) {
      case KEEP -> new SecretChange.Keep();
      case CLEAR -> new SecretChange.Clear();
      case REPLACE ->
          new SecretChange.Replace(
              sealer.seal(
                  write.apiKey().given().orElseThrow(),
                  KeyBinding.ofApiKey(id, resolved.destination())));
    };
  }

  SecretChange sealedHeaders(
      Instance.Id id, ResolvedSettings resolved, InstanceWrite write, SecretAction action) {
    return switch (action) {
      case KEEP -> new SecretChange.Keep();
      case CLEAR -> new SecretChange.Clear();
      case REPLACE -> {
        try (Secret packed = write.customHeaders().given().orElseThrow().packed()) {
          yield new SecretChange.Replace(
              sealer.seal(packed, KeyBinding.ofHeaders(id, resolved.destination())));
        }
      }
    };
  }
}
