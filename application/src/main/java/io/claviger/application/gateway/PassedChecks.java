package io.claviger.application.gateway;

import io.claviger.application.gateway.port.AuthorizedCall;
import java.time.Duration;

/**
 * Reads more from a provider that has just answered a connection check, such as its list of models.
 */
@FunctionalInterface
public interface PassedChecks {
  /** The longest time that the reading may take. It is part of the time that the check may take. */
  Duration MOST = Duration.ofSeconds(3);

  /**
   * Sends requests to the provider with the authorization of the check, and blocks. The caller
   * closes {@code call} afterwards. A failure does not change the result of the check.
   *
   * @param limit how long the reading may take
   */
  void learnFrom(AuthorizedCall call, Duration limit);
}
