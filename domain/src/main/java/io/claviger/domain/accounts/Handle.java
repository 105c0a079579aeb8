package io.claviger.domain.accounts;

import io.claviger.domain.InvalidValue;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The name of a user, and of what a user owns: 1 to 64 of {@code a-z 0-9 . _ -}, starting with a
 * letter or digit.
 *
 * <p>Reserved names can't be made, but for {@code _system}, which is built in. Capitals are
 * refused, not folded.
 */
public record Handle(String value) implements Comparable<Handle> {
  private static final Pattern SHAPE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Set<String> RESERVED = Set.of("me", "admin", "public");

  /** Made after the patterns above, which it is checked by. */
  public static final Handle SYSTEM = new Handle("_system");

  public Handle {
    boolean usual = SHAPE.matcher(value).matches() && !RESERVED.contains(value);
    if (!usual && !value.equals("_system")) {
      throw new InvalidValue(
          "handle",
          "1 to 64 of a-z 0-9 . _ - starting with a letter or digit, and none of the reserved me, admin, public");
    }
  }

  public boolean isSystem() {
    return value.equals("_system");
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
