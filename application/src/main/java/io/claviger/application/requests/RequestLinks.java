package io.claviger.application.requests;

import io.claviger.domain.requests.MissingTerms;
import java.util.Optional;

/**
 * Makes the links that refusals contain. On the page to which such a link leads, the refused user
 * can request the missing permission.
 */
@FunctionalInterface
public interface RequestLinks {
  /** An implementation that makes no links, for an installation without a console. */
  RequestLinks NONE = missing -> Optional.empty();

  /**
   * Returns the URL of the page on which a refused user can request the missing terms. Never
   * blocks.
   */
  Optional<String> to(MissingTerms missing);
}
