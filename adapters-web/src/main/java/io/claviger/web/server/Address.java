package io.claviger.web.server;

import io.claviger.domain.accounts.Handle;

/** The fields that the path of an owned thing fixes, even before there is one. */
public record Address(String owner, String handle, String ref) {
  /** A reference as it was written, with the owner that a bare handle leaves out. */
  public static String completed(String written, Handle own) {
    return written.indexOf('/') < 0 ? own + "/" + written : written;
  }

  public static Address of(Handle owner, Handle handle) {
    return new Address(owner.value(), handle.value(), owner + "/" + handle);
  }
}
