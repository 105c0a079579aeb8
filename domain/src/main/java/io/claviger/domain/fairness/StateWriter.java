package io.claviger.domain.fairness;

import java.io.ByteArrayOutputStream;
import java.util.UUID;
import java.util.zip.CRC32C;

/** Writes numbers so that small ones take few bytes. */
final class StateWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** A number of either sign, seven bits in each byte, the lowest first. */
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

  /** All that was written, and its checksum. */
  byte[] bytes() {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.toByteArray());
    whole(checksum.getValue());
    return bytes.toByteArray();
  }
}
