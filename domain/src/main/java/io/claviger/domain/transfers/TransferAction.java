package io.claviger.domain.transfers;

/** What somebody does with a transfer that was offered. */
public enum TransferAction {
  SEE,
  ACCEPT,
  DECLINE,
  WITHDRAW
}
