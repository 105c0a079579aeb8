package io.claviger.web.server;

import io.claviger.domain.accounts.Handle;

/**
 * The fields of a user's object whose values are in the object's path. The object need not exist
 * yet.
 */
public record Address(String owner, String handle, String ref) {
  /**
   * Returns a reference that includes its owner. If the written text contains no owner, {@code own}
   * becomes the owner.
   */
  public static String completed(String written, Handle own) {
    return written.indexOf('/') < 0 ? own + "/" + written : written;
  }

  public static Address of(Handle owner, Handle handle) {
    return new Address(owner.value(), handle.value(), owner + "/" + handle);
  }
}
