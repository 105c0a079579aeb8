package io.claviger.application.shared;

import io.claviger.domain.Fault;
import io.claviger.domain.requests.MissingTerms;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Ends an attempt with a refusal. The attempt's transaction is rolled back, and {@link
 * AuditedChanges} converts the exception into the outcome. For a program that embeds Claviger,
 * {@link Outcome#orThrow()} throws this exception.
 */
public final class RefusedException extends RuntimeException {
  private final Refusal refusal;

  public RefusedException(Refusal refusal) {
    this(refusal, refusal.code(), false);
  }

  private RefusedException(Refusal refusal, String message, boolean traced) {
    super(message, null, false, traced);
    this.refusal = refusal;
  }

  /** Creates an exception with a stack trace, for a program that embeds Claviger. */
  static RefusedException explained(Refusal refusal) {
    return new RefusedException(refusal, refusal.code() + ": " + explanation(refusal), true);
  }

  private static String explanation(Refusal refusal) {
    return switch (refusal) {
      case Refusal.NotFound missing -> "The object does not exist, or the user can't see it.";
      case Refusal.Forbidden forbidden -> forbidden.why();
      case Refusal.Invalid invalid ->
          invalid.faults().stream()
              .map(fault -> (fault.pointer() + " " + fault.detail()).strip())
              .collect(Collectors.joining("; "));
      case Refusal.PreconditionFailed stale ->
          "The object has changed, or is not in the expected state.";
      case Refusal.Conflict conflict -> conflict.detail();
      case Refusal.TooMany tooMany -> tooMany.detail();
      case Refusal.Waiting waiting -> waiting.sentence();
    };
  }

  public static RefusedException notFound() {
    return new RefusedException(new Refusal.NotFound());
  }

  public static RefusedException forbidden(String why) {
    return new RefusedException(new Refusal.Forbidden(why));
  }

  /**
   * @param missing the terms that a share would have to give the actor; empty if no share would
   *     help
   */
  public static RefusedException forbidden(String why, Optional<MissingTerms> missing) {
    return new RefusedException(new Refusal.Forbidden(why, missing));
  }

  public static RefusedException invalid(Fault fault) {
    return new RefusedException(new Refusal.Invalid(fault));
  }

  public static RefusedException invalid(List<Fault> faults) {
    return new RefusedException(new Refusal.Invalid(faults));
  }

  public static RefusedException conflict(String code, String detail) {
    return new RefusedException(new Refusal.Conflict(code, detail));
  }

  public Refusal refusal() {
    return refusal;
  }
}
