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
 * Why something was refused. Every use case that can refuse returns a refusal in its outcome, and
 * each adapter has one place that translates refusals.
 */
public sealed interface Refusal {
  /** Returns the stable code, for programs and for the audit trail. */
  String code();

  /**
   * The thing does not exist, or the actor can't see that thing. The answer never shows which of
   * the two is the case.
   */
  record NotFound() implements Refusal {
    @Override
    public String code() {
      return "not_found";
    }
  }

  /**
   * The actor sees the thing but may not take this action on that thing.
   *
   * @param missing the terms that a share would have to give the actor; empty if no share would
   *     help
   */
  record Forbidden(String why, Optional<MissingTerms> missing) implements Refusal {
    /** Creates a refusal that no share would change. */
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

  /** The present state of the thing does not meet the caller's precondition. */
  record PreconditionFailed() implements Refusal {
    @Override
    public String code() {
      return "precondition_failed";
    }
  }

  /**
   * The greatest number of things of this kind that is allowed at a time has been reached.
   *
   * @param retryAfter the time after which another attempt makes sense
   */
  record TooMany(String code, String detail, Duration retryAfter) implements Refusal {}

  /**
   * The change waits, and will be made when enough other people have consented to it.
   *
   * @param id the id of the waiting change
   * @param needs how many other people have to consent
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
     * The wanted reference still belongs to the service or project that had it before a transfer.
     */
    public static final Conflict HANDLE_RESERVED =
        new Conflict(
            "handle_reserved",
            "This reference still leads to what was transferred to another user. Choose "
                + "another handle, or wait until the reference has ended.");

    /** After the change, nobody could administer Claviger. */
    public static final Conflict LAST_ADMINISTRATOR =
        new Conflict("last_administrator", "Make somebody else an administrator first.");
  }
}
