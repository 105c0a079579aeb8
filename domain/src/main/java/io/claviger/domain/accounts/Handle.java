package io.claviger.domain.accounts;

import io.claviger.domain.InvalidValue;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * The name of a user or of a resource that a user owns: 1 to 64 characters of {@code a-z 0-9 . _
 * -}, starting with a letter or digit.
 *
 * <p>Reserved names are refused, except the built-in {@code _system}. Capital letters are refused,
 * not converted.
 */
public record Handle(String value) implements Comparable<Handle> {
  private static final int MAX_LENGTH = 64;
  private static final Set<String> RESERVED = Set.of("me", "admin", "public");

  /**
   * The built-in user. This constant must be declared after the constants that its constructor
   * reads.
   */
  public static final Handle SYSTEM = new Handle("_system");

  /**
   * The administrator whom Claviger itself creates. Nobody else can get this handle, even before
   * this administrator exists, because Claviger makes the user with this handle an administrator
   * when it starts.
   */
  public static final Handle ROOT = new Handle("root");

  public Handle {
    boolean usual = isShapely(value) && !RESERVED.contains(value);
    if (!usual && !value.equals("_system")) {
      throw new InvalidValue(
          "handle",
          "1 to 64 of a-z 0-9 . _ - starting with a letter or digit, and none of the reserved me, "
              + "admin, public");
    }
  }

  /**
   * Checks a handle without a regular expression. Speed matters here, because every row of every
   * list has handles.
   */
  private static boolean isShapely(String value) {
    if (value.isEmpty() || value.length() > MAX_LENGTH || !isLetterOrDigit(value.charAt(0))) {
      return false;
    }
    for (int i = 1; i < value.length(); i++) {
      char c = value.charAt(i);
      if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  public boolean isSystem() {
    return value.equals("_system");
  }

  /**
   * Checks that this handle is not reserved, so that a user may give it to a resource.
   *
   * @throws InvalidValue if the name is reserved
   */
  public void demandUnreserved() {
    if (isSystem()) {
      throw new InvalidValue(
          "handle", "no name that starts with an underscore: such names are reserved");
    }
  }

  /**
   * Reads the name {@code owner/handle} of a resource.
   *
   * @param field the field that the exception names if the text is not such a name
   * @throws InvalidValue if the text is not such a name
   */
  public static <R> R ofOwned(String text, String field, BiFunction<Handle, Handle, R> named) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new InvalidValue(field, "owner/handle");
    }
    try {
      return named.apply(
          new Handle(text.substring(0, slash)), new Handle(text.substring(slash + 1)));
    } catch (InvalidValue e) {
      throw new InvalidValue(field, "owner/handle");
    }
  }

  @Override
  public int compareTo(Handle other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
