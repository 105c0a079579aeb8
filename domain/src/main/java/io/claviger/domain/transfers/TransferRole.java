package io.claviger.domain.transfers;

import io.claviger.domain.accounts.User;

/**
 * The relationship of a user to a transfer. If several constants apply, the first of them is used.
 */
public enum TransferRole {
  GIVER,
  RECEIVER,
  /** An administrator who is neither giver nor receiver. */
  ADMINISTRATOR,
  STRANGER;

  public static TransferRole of(User.Id user, boolean administrator, Transfer transfer) {
    if (user.equals(transfer.from().id())) {
      return GIVER;
    }
    if (user.equals(transfer.to().id())) {
      return RECEIVER;
    }
    return administrator ? ADMINISTRATOR : STRANGER;
  }
}
