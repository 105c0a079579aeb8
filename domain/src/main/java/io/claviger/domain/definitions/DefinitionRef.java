package io.claviger.domain.definitions;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;

/** The name {@code owner/handle} of a definition. */
public record DefinitionRef(Handle owner, Handle handle) {
  public DefinitionRef {
    if (handle.isSystem()) {
      throw new InvalidValue(
          "handle", "no name that starts with an underscore: those are reserved");
    }
  }

  public static DefinitionRef of(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new InvalidValue("definition", "owner/handle");
    }
    try {
      return new DefinitionRef(
          new Handle(text.substring(0, slash)), new Handle(text.substring(slash + 1)));
    } catch (InvalidValue e) {
      throw new InvalidValue("definition", "owner/handle");
    }
  }

  @Override
  public String toString() {
    return owner + "/" + handle;
  }
}
