package io.claviger.domain.transfers;

public enum TransferAction {
  SEE,
  ACCEPT,
  DECLINE,
  WITHDRAW
}
