package io.claviger.web.server;

import io.claviger.domain.accounts.Handle;

/**
 * The fields that the path of an owned object determines, even if the object does not exist yet.
 */
public record Address(String owner, String handle, String ref) {
  /** Returns a reference with its owner. If the text names no owner, {@code own} is the owner. */
  public static String completed(String written, Handle own) {
    return written.indexOf('/') < 0 ? own + "/" + written : written;
  }

  public static Address of(Handle owner, Handle handle) {
    return new Address(owner.value(), handle.value(), owner + "/" + handle);
  }
}
