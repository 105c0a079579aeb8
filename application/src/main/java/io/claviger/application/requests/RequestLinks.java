package io.claviger.application.requests;

import io.claviger.domain.requests.MissingTerms;
import java.util.Optional;

/** Makes the links with which refusals lead to a request for what was lacking. */
@FunctionalInterface
public interface RequestLinks {
  /** Makes no links, because there is no console. */
  RequestLinks NONE = missing -> Optional.empty();

  /** Returns the URL of the page on which somebody asks for what they lacked. Never blocks. */
  Optional<String> to(MissingTerms missing);
}
