package io.claviger.domain.projects;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;

/** The name {@code owner/handle} of a project. */
public record ProjectRef(Handle owner, Handle handle) {
  public ProjectRef {
    if (handle.isSystem()) {
      throw new InvalidValue(
          "handle", "no name that starts with an underscore: those are reserved");
    }
  }

  public static ProjectRef of(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new InvalidValue("project", "owner/handle");
    }
    try {
      return new ProjectRef(
          new Handle(text.substring(0, slash)), new Handle(text.substring(slash + 1)));
    } catch (InvalidValue e) {
      throw new InvalidValue("project", "owner/handle");
    }
  }

  @Override
  public String toString() {
    return owner + "/" + handle;
  }
}
