package io.claviger.gateway.model;

import io.claviger.gateway.errors.CallRefused;
import io.claviger.gateway.errors.ReferenceErrors;

/**
 * Reads JSON that is encoded in Base64 (RFC 4648, section 4) inside a string of another JSON text.
 * The reader decodes the string while the string arrives. The reader accepts only the standard
 * letters and the padding: lenient decoders skip other characters, but not all decoders skip the
 * same characters.
 */
final class EncodedJson {
  private static final int BLOCK = 1 << 10;
  private static final int PADDING = 64;

  private final JsonScanner scanner;
  private final byte[] decoded = new byte[BLOCK];
  private int length;
  private int group;

  /** The number of Base64 letters that have been read from the current group of four letters. */
  private int letters;

  private int paddings;

  EncodedJson(ReferenceScan scan) {
    this.scanner = new JsonScanner(scan, scan.longest());
    scan.begin(scanner);
  }

  void read(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      read(bytes[i]);
    }
  }

  /**
   * @throws CallRefused if the string is not Base64, or if the encoded text is not JSON
   */
  void read(int letter) {
    int value = value(letter);
    demand(value >= 0 && (paddings == 0 || value == PADDING));
    demand(value != PADDING || letters >= 2);
    paddings += value == PADDING ? 1 : 0;
    group = group << 6 | (value & 0x3f);
    if (++letters == 4) {
      // The unused bits before the padding must be zero, because two different Base64 texts would
      // otherwise encode the same bytes.
      demand(paddings < 1 || (group & (paddings == 1 ? 0xff : 0xffff)) == 0);
      for (int i = 0; i < 3 - paddings; i++) {
        decoded[length++] = (byte) (group >> (16 - 8 * i));
      }
      group = 0;
      letters = 0;
      if (length > BLOCK - 3) {
        flush();
      }
    }
  }

  /**
   * @throws CallRefused if the Base64 text or the encoded JSON is incomplete
   */
  void end() {
    demand(letters == 0);
    flush();
    try {
      scanner.end();
    } catch (MalformedBody e) {
      throw new CallRefused(ReferenceErrors.NOT_READABLE);
    }
  }

  private void flush() {
    try {
      scanner.read(decoded, 0, length);
    } catch (MalformedBody e) {
      throw new CallRefused(ReferenceErrors.NOT_READABLE);
    }
    length = 0;
  }

  private static int value(int letter) {
    if (letter >= 'A' && letter <= 'Z') {
      return letter - 'A';
    }
    if (letter >= 'a' && letter <= 'z') {
      return letter - 'a' + 26;
    }
    if (letter >= '0' && letter <= '9') {
      return letter - '0' + 52;
    }
    return switch (letter) {
      case '+' -> 62;
      case '/' -> 63;
      case '=' -> PADDING;
      default -> -1;
    };
  }

  private static void demand(boolean fulfilled) {
    if (!fulfilled) {
      throw new CallRefused(ReferenceErrors.NOT_READABLE);
    }
  }
}
