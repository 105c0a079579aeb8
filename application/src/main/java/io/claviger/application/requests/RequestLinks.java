package io.claviger.application.requests;

import io.claviger.domain.requests.MissingTerms;
import java.util.Optional;

/** Makes the links that refusals carry. */
@FunctionalInterface
public interface RequestLinks {
  /** Where there is no console, refusals carry no links. */
  RequestLinks NONE = missing -> Optional.empty();

  /** Returns the URL of the page on which somebody asks for what they lacked. Never blocks. */
  Optional<String> to(MissingTerms missing);
}
