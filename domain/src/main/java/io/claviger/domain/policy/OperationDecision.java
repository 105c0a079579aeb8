package io.claviger.domain.policy;

/** Whether a call may call its operation. Gateway and explanations use this one function. */
public enum OperationDecision {
  ALLOWED,
  /** The API standard of the service does not have the operation. */
  NOT_LENT,
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
}
