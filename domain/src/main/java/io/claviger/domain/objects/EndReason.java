package io.claviger.domain.objects;

import io.claviger.domain.WireNamed;
import java.util.Locale;

/** The reason why Claviger deletes an object at the provider. */
public enum EndReason implements WireNamed {
  /** An owner of the service or the object's holder deleted the object through Claviger. */
  REQUEST,
  /**
   * The object's holder may no longer use the service, and according to the service's settings,
   * such objects are deleted.
   */
  SHARE_END,
  /** The object was created but could not be recorded. */
  UNRECORDED,
  /** The object is a response that reached the longest time for which responses are kept. */
  AGE,
  /**
   * The borrower had reached the maximum number of responses that are kept, and this response was
   * the oldest.
   */
  QUOTA;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** Returns the name that is stored and shown. */
  @Override
  public String wireName() {
    return wireName;
  }
}
