package io.claviger.domain.instances;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;

/** The name {@code owner/handle} of an instance. */
public record InstanceRef(Handle owner, Handle handle) implements Comparable<InstanceRef> {
  public InstanceRef {
    if (handle.isSystem()) {
      throw new InvalidValue(
          "handle", "no name that starts with an underscore: those are reserved");
    }
  }

  public static InstanceRef of(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new InvalidValue("service", "owner/handle");
    }
    try {
      return new InstanceRef(
          new Handle(text.substring(0, slash)), new Handle(text.substring(slash + 1)));
    } catch (InvalidValue e) {
      throw new InvalidValue("service", "owner/handle");
    }
  }

  @Override
  public int compareTo(InstanceRef other) {
    int byOwner = owner.compareTo(other.owner);
    return byOwner != 0 ? byOwner : handle.compareTo(other.handle);
  }

  @Override
  public String toString() {
    return owner + "/" + handle;
  }
}
