package io.claviger.domain.requests;

/**
 * Decides which actions a user may take on a request to borrow. Whether the requested share may be
 * given is decided by other code, as for all shares.
 */
public final class RequestPermissions {
  private RequestPermissions() {}

  public enum RequestAction {
    SEE,
    GRANT,
    DECLINE,
    WITHDRAW
  }

  /** The decision about an action. */
  public enum RequestVerdict {
    GRANTED,
    /** The user must not learn that such a request exists. */
    HIDDEN,
    FORBIDDEN,
    /** The user may take this action, but only while the request is open. */
    NOT_OPEN
  }

  /**
   * Decides about an action. The asker may withdraw the request. Users who may share the service
   * may grant or decline the request.
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
