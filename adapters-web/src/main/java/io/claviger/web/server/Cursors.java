package io.claviger.web.server;

import io.claviger.domain.InvalidValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;

/**
 * Encodes positions in a list as opaque text. A checksum over the position and the list detects
 * damaged cursors and those of other lists. It is not a protection, since a position reveals
 * nothing that its list does not.
 */
final class Cursors {
  private Cursors() {}

  static String encode(String list, String position) {
    byte[] text = position.getBytes(StandardCharsets.UTF_8);
    byte[] bytes =
        ByteBuffer.allocate(4 + text.length).putInt(checksum(list, text)).put(text).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * Returns the position that a cursor encodes.
   *
   * @throws InvalidValue when the text is not a cursor of this list
   */
  static String decode(String list, String cursor) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor));
      if (bytes.remaining() > 4) {
        int given = bytes.getInt();
        byte[] text = new byte[bytes.remaining()];
        bytes.get(text);
        String position = new String(text, StandardCharsets.UTF_8);
        // Base64 can write the same bytes in several ways. Only the way of {@link #encode} is
        // accepted.
        if (given == checksum(list, text) && encode(list, position).equals(cursor)) {
          return position;
        }
      }
    } catch (IllegalArgumentException e) {
      // An invalid cursor gets the same error as any other wrong text, below.
    }
    throw new InvalidValue("cursor", "a next_cursor of this list, as it was given");
  }

  private static int checksum(String list, byte[] position) {
    CRC32 crc = new CRC32();
    crc.update(list.getBytes(StandardCharsets.UTF_8));
    crc.update(0);
    crc.update(position);
    return (int) crc.getValue();
  }
}
