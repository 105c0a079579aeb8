package io.claviger.application.gateway;

import io.claviger.application.gateway.port.AuthorizedCall;
import java.time.Duration;

/**
 * Reads further data, such as the list of models, from a provider that has just answered a
 * connection check.
 */
@FunctionalInterface
public interface PassedChecks {
  /** The time limit of this additional reading. This time is part of the check's time limit. */
  Duration MOST = Duration.ofSeconds(3);

  /**
   * Sends requests to the provider with the authorization of the check. Blocks. The caller must
   * close {@code call} afterwards. A failure does not change the result of the check.
   *
   * @param limit the time limit
   */
  void learnFrom(AuthorizedCall call, Duration limit);
}
