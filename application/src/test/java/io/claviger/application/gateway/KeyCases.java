package io.claviger.application.gateway;

import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.KeySource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Combinations of callers, endpoints and stored keys, with the key that the rules give. */
final class KeyCases {
  private KeyCases() {}

  /** The caller of a service. */
  enum Caller {
    OWNING_USER,
    READER,
    STRANGER,
    ADMINISTRATOR,
    USER_OF_SYSTEM_LEVEL,
    ADMINISTRATOR_OF_SYSTEM_LEVEL;

    boolean systemLevel() {
      return this == USER_OF_SYSTEM_LEVEL || this == ADMINISTRATOR_OF_SYSTEM_LEVEL;
    }

    boolean sees() {
      return this != STRANGER;
    }

    boolean uses() {
      return this != STRANGER && this != ADMINISTRATOR;
    }
  }

  /** The endpoint of the service. */
  enum EndpointKind {
    DEFAULT_DESTINATION,
    ANOTHER_ENDPOINT,
    KEYLESS
  }

  /** What a stored value is bound to. Only {@link #RIGHT} can be opened. */
  enum SealedFor {
    ABSENT,
    RIGHT,
    ANOTHER_ROW,
    ANOTHER_USER,
    ANOTHER_DESTINATION
  }

  /** One combination of what is stored. */
  record Stored(
      boolean enabled, SealedFor own, SealedFor central, SealedFor headers, boolean deployment) {}

  static Stream<Arguments> all() {
    List<Arguments> cases = new ArrayList<>();
    for (Caller caller : Caller.values()) {
      for (EndpointKind endpoint : EndpointKind.values()) {
        cases.add(Arguments.of(caller, endpoint, new KeyPolicy(true, false, false)));
        cases.add(Arguments.of(caller, endpoint, new KeyPolicy(false, true, false)));
        cases.add(Arguments.of(caller, endpoint, new KeyPolicy(true, true, false)));
        cases.add(Arguments.of(caller, endpoint, new KeyPolicy(true, true, true)));
      }
    }
    return cases.stream();
  }

  /** The key that a call must get by the rules. */
  static Optional<KeySource> expected(
      Caller caller, EndpointKind endpoint, KeyPolicy policy, Stored stored) {
    if (!caller.uses() || !stored.enabled() || stored.headers() == SealedFor.ANOTHER_ROW) {
      return Optional.empty();
    }
    if (endpoint == EndpointKind.KEYLESS) {
      return Optional.of(KeySource.KEYLESS);
    }
    if (policy.userKeys() && stored.own() != SealedFor.ABSENT) {
      return stored.own() == SealedFor.RIGHT ? Optional.of(KeySource.USER) : Optional.empty();
    }
    if (policy.userKeys() && !policy.fallbackToCentral()) {
      return Optional.empty();
    }
    if (policy.centralKey() && stored.central() != SealedFor.ABSENT) {
      return stored.central() == SealedFor.RIGHT
          ? Optional.of(KeySource.CENTRAL)
          : Optional.empty();
    }
    boolean mayGoThere = caller.systemLevel() && endpoint == EndpointKind.DEFAULT_DESTINATION;
    return policy.centralKey() && mayGoThere && stored.deployment()
        ? Optional.of(KeySource.DEPLOYMENT)
        : Optional.empty();
  }
}
