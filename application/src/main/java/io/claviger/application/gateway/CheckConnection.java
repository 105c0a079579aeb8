package io.claviger.application.gateway;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.policy.NoKeyReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Tries whether a service answers with the key that a call of the caller's, by their own role,
 * would use. Calls the provider once, with nothing of anybody's content; its answer is not passed
 * on.
 */
public interface CheckConnection {
  /** How long one check may take. A service's own shorter timeout holds too. */
  Duration EACH = Duration.ofSeconds(10);

  /** How long all checks of a user's services may take together. */
  Duration ALL = Duration.ofSeconds(30);

  Outcome check(Actor actor, InstanceRef ref);

  /**
   * Checks all services that the caller can use, side by side, by owner and handle. What is not
   * reached within {@link #ALL} is said to be {@link ConnectionStatus#TIMEOUT}.
   *
   * @param user the caller's own handle; another's is not found
   */
  ListOutcome checkAll(Actor actor, Handle user);

  /**
   * What came of one check.
   *
   * @param reason why a call would find no key, with {@link ConnectionStatus#NO_KEY}
   * @param httpStatus of the provider's answer, where there was one
   * @param latency until the provider's answer began or failed to; empty where it was not called
   */
  record Check(
      InstanceRef service,
      ConnectionStatus status,
      Optional<NoKeyReason> reason,
      OptionalInt httpStatus,
      Optional<Duration> latency,
      Instant checkedAt) {}

  /** The check of one service, or why none was made. */
  sealed interface Outcome {
    record Checked(Check check) implements Outcome {}

    record Refused(Refusal why) implements Outcome {}
  }

  /** The checks of all, or why none were made. */
  sealed interface ListOutcome {
    record Checked(List<Check> checks) implements ListOutcome {
      public Checked {
        checks = List.copyOf(checks);
      }
    }

    record Refused(Refusal why) implements ListOutcome {}
  }
}
