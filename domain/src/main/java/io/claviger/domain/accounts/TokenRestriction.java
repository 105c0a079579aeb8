package io.claviger.domain.accounts;

import java.util.UUID;

/**
 * The one thing a restricted token is good for, by id: a handle given to somebody else later
 * inherits nothing.
 */
public sealed interface TokenRestriction {
  /** Whether a service can be used, or seen, by its own name with such a token. */
  default boolean allowsService(UUID instance) {
    return this instanceof ToService one && one.instance().equals(instance);
  }

  /**
   * @param ref {@code owner/handle}, for showing only
   */
  record ToService(UUID instance, String ref) implements TokenRestriction {}

  /**
   * @param ref {@code owner/handle}, for showing only
   */
  record ToProject(UUID project, String ref) implements TokenRestriction {}
}
