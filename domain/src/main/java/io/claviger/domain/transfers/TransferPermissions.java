package io.claviger.domain.transfers;

/** Decides which actions a user may take on a transfer. */
public final class TransferPermissions {
  private TransferPermissions() {}

  public enum TransferAction {
    SEE,
    ACCEPT,
    DECLINE,
    WITHDRAW
  }

  /** The decision about an action. */
  public enum TransferVerdict {
    GRANTED,
    /** The user must not learn that such a transfer exists. */
    HIDDEN,
    FORBIDDEN,
    /** The user may take this action only while the transfer is open. */
    NOT_OPEN
  }

  /**
   * Decides about an action. Only the receiver may accept or decline. The giver may withdraw the
   * offer. Administrators may also withdraw a transfer, because they may offer a suspended user's
   * services and projects.
   */
  public static TransferVerdict may(TransferRole role, TransferAction action, TransferState state) {
    if (role == TransferRole.STRANGER) {
      return TransferVerdict.HIDDEN;
    }
    boolean own =
        switch (action) {
          case SEE -> true;
          case ACCEPT, DECLINE -> role == TransferRole.RECEIVER;
          case WITHDRAW -> role != TransferRole.RECEIVER;
        };
    if (!own) {
      return TransferVerdict.FORBIDDEN;
    }
    return action == TransferAction.SEE || state == TransferState.OFFERED
        ? TransferVerdict.GRANTED
        : TransferVerdict.NOT_OPEN;
  }

  /**
   * Whether a user may offer a thing with the given owner. Administrators may act for suspended
   * owners.
   */
  public static boolean mayOffer(
      boolean owningUser, boolean administrator, boolean ownerSuspended) {
    return owningUser || (administrator && ownerSuspended);
  }
}
