package io.claviger.domain.transfers;

import java.util.Locale;

/** The state of a transfer. All states but the first are final. */
public enum TransferState {
  OFFERED,
  ACCEPTED,
  DECLINED,
  WITHDRAWN,
  EXPIRED;

  /** The name in JSON and in the database, such as {@code offered}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static TransferState of(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
