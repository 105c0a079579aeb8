package io.claviger.application.requests;

import io.claviger.domain.requests.MissingTerms;
import java.util.Optional;

/**
 * Makes the links in refusals. On the page of a link, the refused user can ask for what was
 * lacking.
 */
@FunctionalInterface
public interface RequestLinks {
  /** Makes no links, because there is no console. */
  RequestLinks NONE = missing -> Optional.empty();

  /**
   * Returns the URL of the page on which a refused user asks for the lacking terms. Never blocks.
   */
  Optional<String> to(MissingTerms missing);
}
