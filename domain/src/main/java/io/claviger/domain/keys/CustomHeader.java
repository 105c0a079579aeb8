package io.claviger.domain.keys;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.instances.HeaderName;
import java.util.Arrays;

/**
 * A header that is sent with every call of an instance. The value is always treated as a secret,
 * because it might be one.
 *
 * @param value 1 to 4,096 bytes of visible ASCII, with spaces and tabs only between other
 *     characters
 */
public record CustomHeader(HeaderName name, Secret value) {
  private static final int LONGEST = 4_096;

  /** Creates a header from bytes. The given array is always wiped, even if the value is invalid. */
  public static CustomHeader of(HeaderName name, byte[] value) {
    byte[] own = value.clone();
    Arrays.fill(value, (byte) 0);
    boolean fits =
        own.length >= 1 && own.length <= LONGEST && visible(own[0]) && visible(own[own.length - 1]);
    for (byte b : own) {
      fits &= visible(b) || b == ' ' || b == '\t';
    }
    if (!fits) {
      Arrays.fill(own, (byte) 0);
      throw new InvalidValue(
          "custom_headers/" + name.value(),
          "1 to 4,096 visible ASCII characters, spaces and tabs only inside");
    }
    return new CustomHeader(name, Secret.takingOver(own));
  }

  private static boolean visible(byte b) {
    return b > 0x20 && b < 0x7f;
  }
}
