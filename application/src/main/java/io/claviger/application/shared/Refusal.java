package io.claviger.application.shared;

import io.claviger.domain.Fault;
import io.claviger.domain.requests.MissingTerms;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The reason why an attempt was refused. Every use case that can refuse returns refusals in its
 * outcome. Each adapter translates refusals in one place.
 */
public sealed interface Refusal {
  /** Returns the stable code of this refusal, for programs and for the audit trail. */
  String code();

  /**
   * The resource does not exist, or the actor can't see it. The answer never reveals whether the
   * resource exists.
   */
  record NotFound() implements Refusal {
    @Override
    public String code() {
      return "not_found";
    }
  }

  /**
   * The actor sees the resource but may not take this action on it.
   *
   * @param missing the terms that a share would have to give the actor; empty if no share would
   *     help
   */
  record Forbidden(String why, Optional<MissingTerms> missing) implements Refusal {
    /** Creates a refusal that no share could change. */
    public Forbidden(String why) {
      this(why, Optional.empty());
    }

    @Override
    public String code() {
      return "forbidden";
    }
  }

  /** The given values are invalid. */
  record Invalid(List<Fault> faults) implements Refusal {
    public Invalid {
      faults = List.copyOf(faults);
    }

    public Invalid(Fault fault) {
      this(List.of(fault));
    }

    @Override
    public String code() {
      List<String> codes = faults.stream().map(Fault::code).distinct().toList();
      return codes.size() == 1 ? codes.get(0) : "validation_failed";
    }
  }

  /** The resource does not meet the caller's precondition. */
  record PreconditionFailed() implements Refusal {
    @Override
    public String code() {
      return "precondition_failed";
    }
  }

  /**
   * The caller has reached a maximum, such as the maximum number of requests in a period or at the
   * same time.
   *
   * @param retryAfter the time to wait before another attempt
   */
  record TooMany(String code, String detail, Duration retryAfter) implements Refusal {}

  /**
   * The change waits until enough other people have consented to it.
   *
   * @param id the id of the waiting change
   * @param needs how many other people must consent
   * @param until the time at which the waiting change lapses
   */
  record Waiting(UUID id, int needs, Instant until) implements Refusal {
    @Override
    public String code() {
      return "pending";
    }

    /** Returns the message for the user who requested the change. */
    public String sentence() {
      return "This change waits for the consent of "
          + (needs == 1 ? "another owner or an administrator" : needs + " owners or administrators")
          + ", and lapses at "
          + until.truncatedTo(ChronoUnit.SECONDS)
          + ".";
    }
  }

  /** The change conflicts with the present state. */
  record Conflict(String code, String detail) implements Refusal {
    /**
     * The requested reference can't be used, because it still leads to a service or project that
     * was transferred.
     */
    public static final Conflict HANDLE_RESERVED =
        new Conflict(
            "handle_reserved",
            "This reference still leads to a service or project that was transferred to another"
                + " user. Choose another handle, or wait until the reference has ended.");

    /** Another change was faster than the attempt. The same request might succeed later. */
    public static final Conflict CONCURRENT_CHANGE =
        new Conflict(
            "concurrent_change", "Somebody else is changing this at the same time. Try again.");

    /** The change is refused, because nobody could administer Claviger afterwards. */
    public static final Conflict LAST_ADMINISTRATOR =
        new Conflict("last_administrator", "Make somebody else an administrator first.");
  }
}
