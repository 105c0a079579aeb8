package io.claviger.domain.policy;

import io.claviger.domain.objects.Isolation;
import io.claviger.domain.objects.ObjectKind;
import java.util.Optional;

/**
 * Whether an operation may be called. The gateway and its explanations both use {@link #decide}.
 */
public enum OperationDecision {
  ALLOWED,
  /** The service's API standard does not have the operation. */
  NOT_LENT,
  /** The operation creates or uses stored objects of a kind that is not lent. */
  STORAGE_NOT_LENT,
  BEYOND_LIMITS;

  /**
   * @param lent whether the API standard has the operation
   */
  public static OperationDecision decide(
      boolean lent, CallLimits limits, String method, String path) {
    if (!lent) {
      return NOT_LENT;
    }
    return limits.allow(method, path) ? ALLOWED : BEYOND_LIMITS;
  }

  /**
   * Decides about an operation on stored objects. An operation on stored objects may be called if
   * the objects' kind is lent.
   *
   * @param kind the kind of the objects
   * @param isolation how the call is isolated from other people's calls; empty if the call uses the
   *     caller's own key, and so reaches the caller's own account
   * @param mayRunModels whether creating or changing an object can run a model at this provider.
   *     Claviger would neither read nor count such a run
   */
  public static OperationDecision decide(
      ObjectKind kind,
      Optional<Isolation> isolation,
      boolean mayRunModels,
      CallLimits limits,
      String method,
      String path) {
    if (isolation.isPresent() && !isolation.get().lends(kind)) {
      return STORAGE_NOT_LENT;
    }
    boolean isUncounted = mayRunModels && isolation.isEmpty() && method.equals("POST");
    return limits.allowStored(kind, method, path)
            && !(isUncounted && limits.boundModels(KeySource.USER))
        ? ALLOWED
        : BEYOND_LIMITS;
  }
}
