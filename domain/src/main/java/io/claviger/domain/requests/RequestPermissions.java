package io.claviger.domain.requests;

/**
 * Decides who may do what with a request to borrow. Whether the requested share itself may be given
 * is decided by the same code as for all shares.
 */
public final class RequestPermissions {
  private RequestPermissions() {}

  /** The decision about an action. */
  public enum RequestVerdict {
    GRANTED,
    /** The user does not learn that there is such a request. */
    HIDDEN,
    FORBIDDEN,
    /** The user may do this, but only while the request is open. */
    NOT_OPEN
  }

  /**
   * Decides about an action. The asker may withdraw the request. Those who may share the service
   * may grant or decline it.
   */
  public static RequestVerdict may(RequestRole role, RequestAction action, RequestState state) {
    if (role == RequestRole.STRANGER) {
      return RequestVerdict.HIDDEN;
    }
    boolean own =
        switch (action) {
          case SEE -> true;
          case WITHDRAW -> role == RequestRole.ASKER;
          case GRANT, DECLINE -> role == RequestRole.LENDER;
        };
    if (!own) {
      return RequestVerdict.FORBIDDEN;
    }
    return action == RequestAction.SEE || state == RequestState.OPEN
        ? RequestVerdict.GRANTED
        : RequestVerdict.NOT_OPEN;
  }
}
