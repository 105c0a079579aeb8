package io.claviger.domain.transfers;

import io.claviger.domain.WireNamed;

/** The state of a transfer. All states but the first are final. */
public enum TransferState implements WireNamed {
  OFFERED,
  ACCEPTED,
  DECLINED,
  WITHDRAWN,
  EXPIRED
}
