package io.claviger.domain.accounts;

import java.util.UUID;

/**
 * The only service or project that a restricted token can be used for. The service or project is
 * identified by its id, so the token can't be used for a later service or project with the same
 * handle.
 */
public sealed interface TokenRestriction {
  /**
   * Whether a token with this restriction can use or see the given service directly, not only
   * through a project.
   */
  default boolean allowsService(UUID instance) {
    return this instanceof ToService one && one.instance().equals(instance);
  }

  /** Whether a token with this restriction can use the given project. */
  default boolean allowsProject(UUID project) {
    return this instanceof ToProject one && one.project().equals(project);
  }

  /**
   * @param ref {@code owner/handle}, only for display
   */
  record ToService(UUID instance, String ref) implements TokenRestriction {}

  /**
   * @param ref {@code owner/handle}, only for display
   */
  record ToProject(UUID project, String ref) implements TokenRestriction {}
}
