package io.claviger.web.server;

import io.claviger.domain.accounts.Handle;

/**
 * The fields of a user's object whose values follow from the path, even if the object does not
 * exist yet.
 */
public record Address(String owner, String handle, String ref) {
  /**
   * Returns a reference that names its owner. If the written text names no owner, {@code own} is
   * taken as the owner.
   */
  public static String completed(String written, Handle own) {
    return written.indexOf('/') < 0 ? own + "/" + written : written;
  }

  public static Address of(Handle owner, Handle handle) {
    return new Address(owner.value(), handle.value(), owner + "/" + handle);
  }
}
