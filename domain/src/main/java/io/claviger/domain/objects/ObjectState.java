package io.claviger.domain.objects;

import java.util.Locale;

/** What the ledger knows of a provider object. Only a live one can be used. */
public enum ObjectState {
  LIVE,
  /** Claviger still has to delete it at the provider, because somebody ended it. */
  DELETING,
  /** It was made, but its row could not be written in time. Claviger tries to delete it. */
  ORPHAN,
  /** It is gone at the provider. */
  DELETED,
  /** The provider has removed it at its time. */
  EXPIRED,
  /**
   * It ended, and may still be at the provider: the API has no operation that deletes it, or
   * Claviger has given up.
   */
  LEFT;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** Whether it is still to be deleted at the provider. Until then it is nobody's. */
  public boolean isEnding() {
    return this == DELETING || this == ORPHAN;
  }

  /** The stored and shown name. */
  public String wireName() {
    return wireName;
  }
}
