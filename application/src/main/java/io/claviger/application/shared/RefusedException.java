package io.claviger.application.shared;

import io.claviger.domain.Fault;
import java.util.List;

/**
 * Ends an attempt with a refusal. Its transaction is rolled back, and {@link AuditedChanges} turns
 * it into the outcome.
 */
public final class RefusedException extends RuntimeException {
  private final transient Refusal refusal;

  public RefusedException(Refusal refusal) {
    super(refusal.code(), null, false, false);
    this.refusal = refusal;
  }

  public static RefusedException notFound() {
    return new RefusedException(new Refusal.NotFound());
  }

  public static RefusedException forbidden(String why) {
    return new RefusedException(new Refusal.Forbidden(why));
  }

  public static RefusedException invalid(Fault fault) {
    return new RefusedException(new Refusal.Invalid(fault));
  }

  public static RefusedException invalid(List<Fault> faults) {
    return new RefusedException(new Refusal.Invalid(faults));
  }

  public Refusal refusal() {
    return refusal;
  }
}
