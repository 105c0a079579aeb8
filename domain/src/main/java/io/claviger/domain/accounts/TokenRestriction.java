package io.claviger.domain.accounts;

import java.util.Optional;
import java.util.UUID;

/**
 * The only service or project that a restricted token can be used for. The service or project is
 * identified by its id, so the token can't be used for a later service or project with the same
 * handle.
 */
public sealed interface TokenRestriction {
  /** The id of the service or project. */
  UUID id();

  /** {@code owner/handle} of the service or project, only for display. */
  String ref();

  /** The id of the only service; empty if the token is restricted to a project. */
  default Optional<UUID> service() {
    return this instanceof ToService ? Optional.of(id()) : Optional.empty();
  }

  /** The id of the only project; empty if the token is restricted to a service. */
  default Optional<UUID> project() {
    return this instanceof ToProject ? Optional.of(id()) : Optional.empty();
  }

  /**
   * Whether a token with this restriction can use or see the given service directly, not only
   * through a project.
   */
  default boolean allowsService(UUID instance) {
    return this instanceof ToService && id().equals(instance);
  }

  /** Whether a token with this restriction can use the given project. */
  default boolean allowsProject(UUID project) {
    return this instanceof ToProject && id().equals(project);
  }

  record ToService(UUID id, String ref) implements TokenRestriction {}

  record ToProject(UUID id, String ref) implements TokenRestriction {}
}
