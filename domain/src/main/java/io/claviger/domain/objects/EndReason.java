package io.claviger.domain.objects;

import java.util.Locale;

/** Why Claviger deletes an object at the provider. */
public enum EndReason {
  /** An owner of the service or its holder asked for it. */
  REQUEST,
  /** Its holder may no longer use the service, which deletes what leavers stored. */
  SHARE_END,
  /** It was made, but could not be recorded. */
  UNRECORDED,
  /** Responses are kept for a time only. */
  AGE,
  /** A borrower has as many responses as are kept, and this was the oldest. */
  QUOTA;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The stored and shown name. */
  public String wireName() {
    return wireName;
  }
}
