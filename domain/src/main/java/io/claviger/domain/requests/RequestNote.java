package io.claviger.domain.requests;

import io.claviger.domain.InvalidValue;

/**
 * An asker's note: 1 to {@link #LONGEST} characters, without control characters except line feeds.
 */
public record RequestNote(String text) {
  public static final int LONGEST = 500;

  public RequestNote {
    boolean printable =
        text.codePoints().allMatch(c -> c == '\n' || !Character.isISOControl(c))
            && text.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff);
    int length = text.codePointCount(0, text.length());
    if (text.isBlank() || length > LONGEST || !printable) {
      throw new InvalidValue(
          "note", "1 to 500 characters, without control characters except line feeds");
    }
  }
}
