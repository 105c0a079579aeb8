package io.claviger.gateway.errors;

import io.claviger.application.capacity.CapacityTurns.TurnRefusal;
import io.claviger.domain.fairness.PaceLimit;
import java.time.Duration;
import java.util.Optional;

/**
 * The errors for calls that are not sent because the limits of a provider's account leave no room.
 */
public final class CapacityErrors {
  /**
   * The error for a call on a node that is about to stop; another node might be able to send the
   * call.
   */
  public static final CallError LEAVING =
      new CallError(
          503,
          "service_unavailable",
          "This node of the gateway is being stopped while the call waits. Try again.",
          CallError.Retry.SOON);

  /** The error for a call for which no target of the model has enough capacity. */
  public static final CallError NO_ROOM =
      of(new TurnRefusal(TurnRefusal.Reason.EXHAUSTED, Optional.empty(), Duration.ofSeconds(1)));

  private CapacityErrors() {}

  public static CallError of(TurnRefusal why) {
    return switch (why.reason()) {
      case EXHAUSTED -> exhausted(why);
      case TOO_LARGE ->
          CallError.never(
              403,
              "request_exceeds_capacity",
              "This request alone needs more than "
                  + why.limit().map(CapacityErrors::ofMinute).orElse("what")
                  + " the provider allows the service. Send less, or ask for a smaller output.");
      case UNAVAILABLE -> CallError.SERVICE_UNAVAILABLE;
      case CROWDED -> CallError.BUSY;
    };
  }

  private static CallError exhausted(TurnRefusal why) {
    int seconds = CallError.seconds(why.retryAfter());
    return new CallError(
        429,
        "capacity_exhausted",
        why.limit()
                .map(limit -> "The provider allows the service no more " + unit(limit))
                .orElse("The provider's limits for the service leave no room for this call")
            + " for now. Try again in %d s.".formatted(seconds),
        CallError.Retry.SOON,
        seconds);
  }

  private static String ofMinute(PaceLimit limit) {
    return "the " + unit(limit) + " in a minute that";
  }

  private static String unit(PaceLimit limit) {
    return switch (limit) {
      case REQUESTS_PER_MINUTE -> "requests";
      case TOKENS_PER_MINUTE -> "tokens";
      case INPUT_TOKENS_PER_MINUTE -> "tokens of input";
      case OUTPUT_TOKENS_PER_MINUTE -> "tokens of output";
    };
  }
}
