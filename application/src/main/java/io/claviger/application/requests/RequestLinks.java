package io.claviger.application.requests;

import io.claviger.domain.requests.MissingTerms;
import java.util.Optional;

/**
 * Makes links for refusals. The link of a refusal leads to a page on which the refused user can
 * request the missing permission.
 */
@FunctionalInterface
public interface RequestLinks {
  /** An implementation that makes no links, for an installation without a console. */
  RequestLinks NONE = missing -> Optional.empty();

  /**
   * Returns the URL of a page on which a refused user can request the missing terms. Never blocks.
   */
  Optional<String> to(MissingTerms missing);
}
