package io.claviger.web.server;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Decodes the names and values of queries and forms, which are percent-encoded UTF-8. */
final class PercentDecoder {
  private PercentDecoder() {}

  /**
   * Decodes a name or a value. A plus sign stands for a space.
   *
   * @return empty if the text is not percent-encoded UTF-8, or if the decoded text contains a NUL
   */
  static Optional<String> decode(String text) {
    ByteBuffer bytes = ByteBuffer.allocate(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = hex(text, i + 1);
        int low = hex(text, i + 2);
        if (high < 0 || low < 0) {
          return Optional.empty();
        }
        bytes.put((byte) (high << 4 | low));
        i += 2;
      } else if (c < 0x80) {
        bytes.put((byte) (c == '+' ? ' ' : c));
      } else {
        return Optional.empty();
      }
    }
    try {
      String value = StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
      return value.indexOf('\0') >= 0 ? Optional.empty() : Optional.of(value);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static int hex(String text, int at) {
    return at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
  }
}
