package io.claviger.gateway.in;

import io.claviger.domain.accounts.CallerOrigin;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Finds out where a request comes from, even if it came through a trusted proxy. */
@FunctionalInterface
public interface RequestOrigins {
  /**
   * @param peer the address of the other end of the connection
   * @param headers returns the values of the header with a given name
   * @return empty if the headers name a certificate in a way in which no trusted proxy names one
   */
  Optional<CallerOrigin> of(CallerOrigin peer, Function<String, List<String>> headers);
}
