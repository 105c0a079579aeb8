package io.claviger.web.server;

import io.claviger.domain.accounts.Handle;

/** The fields that the path of an owned thing fixes, even before there is one. */
public record Address(String owner, String handle, String ref) {
  public static Address of(Handle owner, Handle handle) {
    return new Address(owner.value(), handle.value(), owner + "/" + handle);
  }
}
