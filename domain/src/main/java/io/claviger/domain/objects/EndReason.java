package io.claviger.domain.objects;

import io.claviger.domain.WireNamed;
import java.util.Locale;

/** Why Claviger deletes an object at the provider. */
public enum EndReason implements WireNamed {
  /** An owner of the service or the object's holder deleted the object through Claviger. */
  REQUEST,
  /**
   * The object's holder may no longer use the service, and the service's settings say that such
   * objects are deleted.
   */
  SHARE_END,
  /** The object was created but could not be recorded. */
  UNRECORDED,
  /** The object is a response that reached the longest time for which responses are kept. */
  AGE,
  /**
   * The borrower had reached the greatest number of kept responses, and this response was the
   * oldest.
   */
  QUOTA;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The stored and shown name. */
  @Override
  public String wireName() {
    return wireName;
  }
}
