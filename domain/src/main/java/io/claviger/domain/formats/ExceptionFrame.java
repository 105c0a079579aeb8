package io.claviger.domain.formats;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/** Writes exceptions as frames of Amazon's event streams. */
final class ExceptionFrame {
  /** The size of a frame's prelude in bytes: two lengths and their checksum. */
  private static final int PRELUDE = 12;

  private static final int CHECKSUM = 4;

  /** The type of a header with a string as its value. */
  private static final int STRING = 7;

  private ExceptionFrame() {}

  /**
   * @param type the exception's name, which is a member of the stream's union of events
   */
  static byte[] of(String type, String json) {
    ByteArrayOutputStream headers = new ByteArrayOutputStream(128);
    header(headers, ":message-type", "exception");
    header(headers, ":exception-type", type);
    header(headers, ":content-type", "application/json");
    byte[] payload = json.getBytes(UTF_8);
    int length = PRELUDE + headers.size() + payload.length + CHECKSUM;
    ByteBuffer frame = ByteBuffer.allocate(length).putInt(length).putInt(headers.size());
    frame.putInt(checksum(frame)).put(headers.toByteArray()).put(payload);
    return frame.putInt(checksum(frame)).array();
  }

  private static void header(ByteArrayOutputStream to, String name, String value) {
    to.write(name.length());
    to.writeBytes(name.getBytes(UTF_8));
    to.write(STRING);
    to.write(value.length() >> 8);
    to.write(value.length());
    to.writeBytes(value.getBytes(UTF_8));
  }

  /** Returns the checksum of the bytes that were written so far. */
  private static int checksum(ByteBuffer written) {
    CRC32 checksum = new CRC32();
    checksum.update(written.duplicate().flip());
    return (int) checksum.getValue();
  }
}
