package io.claviger.domain.accounts;

import java.util.UUID;

/**
 * The one thing a restricted token is good for, by id: a handle given to somebody else later
 * inherits nothing.
 */
public sealed interface TokenRestriction {
  /**
   * @param ref {@code owner/handle}, for showing only
   */
  record ToService(UUID instance, String ref) implements TokenRestriction {}

  /**
   * @param ref {@code owner/handle}, for showing only
   */
  record ToProject(UUID project, String ref) implements TokenRestriction {}
}
