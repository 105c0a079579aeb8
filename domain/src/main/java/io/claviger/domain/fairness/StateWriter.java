package io.claviger.domain.fairness;

import java.io.ByteArrayOutputStream;
import java.util.UUID;
import java.util.zip.CRC32C;

/** Writes a state in a format in which small numbers take few bytes. */
final class StateWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Writes a number of either sign, with seven bits in each byte and the lowest bits first. */
  void number(long value) {
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      bytes.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }

  void fraction(double value) {
    whole(Double.doubleToLongBits(value));
  }

  void id(UUID id) {
    whole(id.getMostSignificantBits());
    whole(id.getLeastSignificantBits());
  }

  void use(PaceUse use) {
    number(use.calls());
    number(use.input());
    number(use.output());
  }

  private void whole(long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes.write((int) (value >>> shift));
    }
  }

  /** Returns everything that was written, followed by a checksum. */
  byte[] bytes() {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.toByteArray());
    whole(checksum.getValue());
    return bytes.toByteArray();
  }
}
