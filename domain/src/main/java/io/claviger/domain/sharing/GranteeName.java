package io.claviger.domain.sharing;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;

/**
 * The name of a share's holder: {@code alice} is a user, {@code @research} is a group. In lists,
 * groups come before users.
 */
public record GranteeName(Handle handle, boolean isGroup) implements Comparable<GranteeName> {
  public static GranteeName user(Handle handle) {
    return new GranteeName(handle, false);
  }

  public static GranteeName group(Handle handle) {
    return new GranteeName(handle, true);
  }

  /**
   * Reads the name of a share's holder from a text.
   *
   * @throws InvalidValue when the text is neither a handle nor {@code @} and a handle
   */
  public static GranteeName of(String text) {
    return text.startsWith("@") ? group(new Handle(text.substring(1))) : user(new Handle(text));
  }

  /**
   * Reads the handle of a group, with or without an {@code @} before it.
   *
   * @throws InvalidValue when the text is not a handle
   */
  public static Handle groupHandle(String text) {
    return new Handle(text.startsWith("@") ? text.substring(1) : text);
  }

  public boolean isUser(Handle user) {
    return !isGroup && handle.equals(user);
  }

  @Override
  public int compareTo(GranteeName other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return isGroup ? "@" + handle : handle.value();
  }
}
