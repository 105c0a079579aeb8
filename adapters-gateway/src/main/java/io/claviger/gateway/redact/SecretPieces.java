package io.claviger.gateway.redact;

import java.util.Arrays;

/**
 * All pieces of one length of a secret, found by binary search. It takes the same few steps for any
 * secret. A hash table could be made slow by a secret chosen for that purpose. It takes eight bytes
 * for each byte of the secret.
 */
final class SecretPieces {
  private final long[] sorted;
  private final long first;
  private final long last;

  /**
   * @param length the length of a piece, 1 to 8 and at most that of the secret
   */
  SecretPieces(Pattern secret, int length) {
    sorted = new long[secret.length() - length + 1];
    long piece = 0;
    for (int i = 0; i < secret.length(); i++) {
      piece = next(piece, secret.at(i), length);
      if (i >= length - 1) {
        sorted[i - length + 1] = piece;
      }
    }
    first = sorted[0];
    last = piece;
    Arrays.sort(sorted);
  }

  /** Returns the piece that ends with this byte, given the piece before it. */
  static long next(long piece, byte end, int length) {
    return (piece << 8 | (end & 0xff)) & (-1L >>> (Long.SIZE - Byte.SIZE * length));
  }

  boolean contains(long piece) {
    return Arrays.binarySearch(sorted, piece) >= 0;
  }

  boolean isFirst(long piece) {
    return piece == first;
  }

  boolean isLast(long piece) {
    return piece == last;
  }

  void wipe() {
    Arrays.fill(sorted, 0);
  }
}
