package io.claviger.web.server;

import java.util.Arrays;

/** The bytes of a body that has arrived completely. The receiver of the bytes must wipe them. */
final class ReceivedBody {
  /** Makes a value from a body's bytes, and wipes the bytes. */
  @FunctionalInterface
  interface Parser<T> {
    T parse(byte[] bytes, int length);
  }

  private byte[] bytes;
  private int length;

  /**
   * @param bytes an array that begins with the body's bytes; it is wiped after its use
   */
  ReceivedBody(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  static ReceivedBody none() {
    return new ReceivedBody(new byte[0], 0);
  }

  boolean isEmpty() {
    return length == 0;
  }

  int length() {
    return length;
  }

  /** Passes the bytes to a parser, and empties this body. */
  <T> T take(Parser<T> parser) {
    byte[] taken = bytes;
    int size = length;
    bytes = new byte[0];
    length = 0;
    return parser.parse(taken, size);
  }

  void wipe() {
    Arrays.fill(bytes, (byte) 0);
  }
}
