package io.claviger.web.gateway;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.ConnectionChecks.ConnectionCheck;
import io.claviger.domain.policy.NoKeyReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** The result of a connection check. */
record ConnectionCheckJson(
    String status,
    OptionalInt httpStatus,
    Optional<Long> latencyMs,
    Instant checkedAt,
    Optional<String> reason) {

  static ConnectionCheckJson of(ConnectionCheck check) {
    return new ConnectionCheckJson(
        check.status().wireName(),
        check.httpStatus(),
        check.latency().map(Duration::toMillis),
        check.checkedAt(),
        check
            .reason()
            .map(NoKeyReason::wireName)
            .or(() -> check.beyondLimits().map(CallRefusal::code))
            .or(() -> notAllowed(check)));
  }

  private static Optional<String> notAllowed(ConnectionCheck check) {
    return check.destinationNotAllowed()
        ? Optional.of("destination_not_allowed")
        : Optional.empty();
  }

  /** A result in a list, with the service that it belongs to. */
  record OfService(String service, @JsonUnwrapped ConnectionCheckJson check) {
    static OfService of(ConnectionCheck check) {
      return new OfService(check.service().toString(), ConnectionCheckJson.of(check));
    }
  }
}
