package io.claviger.domain.fairness;

import java.util.UUID;
import java.util.zip.CRC32C;

/** Reads bytes that a {@link StateWriter} wrote, and refuses everything else. */
final class StateReader {
  private final byte[] bytes;
  private int end;
  private int position;

  StateReader(byte[] bytes) {
    this.bytes = bytes;
    this.end = bytes.length;
  }

  /** Checks the checksum at the end of the bytes. */
  void check() {
    CRC32C checksum = new CRC32C();
    int length = Math.max(0, bytes.length - Long.BYTES);
    checksum.update(bytes, 0, length);
    position = length;
    if (whole() != checksum.getValue()) {
      throw new UnreadableState("it was changed");
    }
    position = 0;
    end = length;
  }

  /** Thrown if the bytes were not written by a {@code StateWriter}. */
  static final class UnreadableState extends RuntimeException {
    UnreadableState(String why) {
      super(why);
    }
  }

  private int next() {
    if (position >= end) {
      throw new UnreadableState("the state ends too early");
    }
    return bytes[position++] & 0xFF;
  }

  long number() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int part = next();
      value |= (long) (part & 0x7F) << shift;
      if (part < 0x80) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new UnreadableState("a number is too long");
  }

  long number(long least, long most) {
    long value = number();
    if (value < least || value > most) {
      throw new UnreadableState("a number is out of its bounds");
    }
    return value;
  }

  int count(int most) {
    return (int) number(0, most);
  }

  double fraction() {
    double value = Double.longBitsToDouble(whole());
    if (!Double.isFinite(value)) {
      throw new UnreadableState("a number is not finite");
    }
    return value;
  }

  UUID id() {
    return new UUID(whole(), whole());
  }

  PaceUse use() {
    return new PaceUse(number(), number(), number());
  }

  private long whole() {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | next();
    }
    return value;
  }

  void end() {
    if (position != end) {
      throw new UnreadableState("the state has additional bytes at its end");
    }
  }
}
