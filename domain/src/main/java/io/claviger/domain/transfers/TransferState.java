package io.claviger.domain.transfers;

import io.claviger.domain.WireNamed;

/** The state of a transfer. All states except the first are final. */
public enum TransferState implements WireNamed {
  OFFERED,
  ACCEPTED,
  DECLINED,
  WITHDRAWN,
  EXPIRED
}
