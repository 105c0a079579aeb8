package io.claviger.domain.objects;

import io.claviger.domain.WireNamed;
import java.util.Locale;

/** The reason why Claviger deletes an object at the provider. */
public enum EndReason implements WireNamed {
  /** An owner of the service, or the object's holder, asked Claviger to delete the object. */
  REQUEST,
  /**
   * The object's holder may no longer use the service, and the service's settings say that objects
   * of such users are deleted.
   */
  SHARE_END,
  /** The object was made, but could not be recorded. */
  UNRECORDED,
  /** The object is a response, and responses are kept for a limited time. */
  AGE,
  /**
   * The borrower already has the greatest number of responses that are kept, and this response was
   * the oldest.
   */
  QUOTA;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The stored and shown name. */
  @Override
  public String wireName() {
    return wireName;
  }
}
