package io.claviger.gateway.wire;

import io.netty.util.AsciiString;
import java.util.Collection;

/**
 * A case-insensitive set of header names. Every header of every call is looked up in such a set.
 */
public final class HeaderNames {
  private static final AsciiString[] NONE = new AsciiString[0];

  private final AsciiString[][] byLength;

  private HeaderNames(AsciiString[][] byLength) {
    this.byLength = byLength;
  }

  public static HeaderNames of(Collection<? extends CharSequence> names) {
    int longest = names.stream().mapToInt(CharSequence::length).max().orElse(0);
    AsciiString[][] byLength = new AsciiString[longest + 1][];
    for (int length = 0; length <= longest; length++) {
      int wanted = length;
      byLength[length] =
          names.stream()
              .filter(name -> name.length() == wanted)
              .map(AsciiString::new)
              .toArray(AsciiString[]::new);
    }
    return new HeaderNames(byLength);
  }

  public boolean contains(CharSequence name) {
    AsciiString[] sameLength = name.length() < byLength.length ? byLength[name.length()] : NONE;
    for (AsciiString each : sameLength) {
      if (each.contentEqualsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }
}
