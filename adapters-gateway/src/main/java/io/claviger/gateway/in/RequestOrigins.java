package io.claviger.gateway.in;

import io.claviger.domain.accounts.CallerOrigin;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Finds the origin of a request, even behind a trusted proxy. */
@FunctionalInterface
public interface RequestOrigins {
  /**
   * @param peer the address of the other end of the connection
   * @param headers a function that returns the values of the header with a given name
   * @return empty if the headers name a certificate, but not in the form that a trusted proxy uses
   */
  Optional<CallerOrigin> of(CallerOrigin peer, Function<String, List<String>> headers);
}
