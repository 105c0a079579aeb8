package io.claviger.domain.requests;

/**
 * Decides who may do what with a request. Whether the share that a request leads to may be given is
 * decided where all shares are given.
 */
public final class RequestPermissions {
  private RequestPermissions() {}

  /** The decision about an action. */
  public enum Verdict {
    GRANTED,
    /** The user does not learn that there is such a request. */
    HIDDEN,
    FORBIDDEN,
    /** The user may do this, but only while the request is open. */
    NOT_OPEN
  }

  /**
   * Decides about an action. The asker may withdraw. Those who may share the service grant or
   * decline.
   */
  public static Verdict may(RequestRole role, RequestAction action, RequestState state) {
    if (role == RequestRole.STRANGER) {
      return Verdict.HIDDEN;
    }
    boolean own =
        switch (action) {
          case SEE -> true;
          case WITHDRAW -> role == RequestRole.ASKER;
          case GRANT, DECLINE -> role == RequestRole.LENDER;
        };
    if (!own) {
      return Verdict.FORBIDDEN;
    }
    return action == RequestAction.SEE || state == RequestState.OPEN
        ? Verdict.GRANTED
        : Verdict.NOT_OPEN;
  }
}
