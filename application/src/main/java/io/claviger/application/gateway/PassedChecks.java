package io.claviger.application.gateway;

import io.claviger.application.gateway.port.AuthorizedCall;
import java.time.Duration;

/** Learns from providers that a connection check has just found to answer. */
@FunctionalInterface
public interface PassedChecks {
  /** How long learning may take. This counts as time of the check. */
  Duration MOST = Duration.ofSeconds(3);

  /**
   * Asks the provider with the authorization of the check. It blocks. The caller closes {@code
   * call} afterwards. Whether it fails makes no difference to the check.
   *
   * @param limit how long it may take
   */
  void learnFrom(AuthorizedCall call, Duration limit);
}
