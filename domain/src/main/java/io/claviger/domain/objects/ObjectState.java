package io.claviger.domain.objects;

import io.claviger.domain.WireNamed;
import java.util.Locale;

/** The state of a provider object in the ledger. Only a {@link #LIVE} object can be used. */
public enum ObjectState implements WireNamed {
  LIVE,
  /** Somebody ended the object. Claviger still has to delete it at the provider. */
  DELETING,
  /**
   * The object was created, but its row could not be written in time. Claviger tries to delete the
   * object.
   */
  ORPHAN,
  /** The object no longer exists at the provider. */
  DELETED,
  /** The object expired, and the provider removed it. */
  EXPIRED,
  /**
   * The object ended, but might still be at the provider, because the API can't delete it or
   * Claviger gave up trying.
   */
  LEFT;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** Whether the object still has to be deleted at the provider. Nobody may use such an object. */
  public boolean isEnding() {
    return this == DELETING || this == ORPHAN;
  }

  /** Returns the name that is stored and shown. */
  @Override
  public String wireName() {
    return wireName;
  }
}
