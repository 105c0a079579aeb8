package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;

/** Escape sequences that all begin with the same byte. */
abstract class Escapes implements Decoding {
  private int open;
  private int value;

  abstract byte introducer();

  /**
   * Returns the character for the byte after the first byte. If digits follow instead, returns
   * {@link #INCOMPLETE}.
   */
  abstract int second(byte next);

  /** Returns the length of an escape with digits, in bytes. */
  abstract int length();

  /** Returns the number of bytes before the digits. */
  abstract int lead();

  @Override
  public final int read(byte next) {
    if (open == 0) {
      if (next != introducer()) {
        return next & 0xff;
      }
      open = 1;
      value = 0;
      return INCOMPLETE;
    }
    if (open < lead()) {
      int character = second(next);
      open = character == INCOMPLETE ? open + 1 : 0;
      return character;
    }
    int digit = Character.digit(next, 16);
    if (digit < 0) {
      open = 0;
      return BROKEN;
    }
    value = value * 16 + digit;
    open++;
    if (open < length()) {
      return INCOMPLETE;
    }
    open = 0;
    return value > 0xff ? FOREIGN : value;
  }

  @Override
  public final int openBytes() {
    return open;
  }

  @Override
  public final int longest() {
    return length();
  }

  @Override
  public final int nextEscape(ByteBuf text, int from, int to) {
    return text.indexOf(from, to, introducer());
  }

  @Override
  public final void reset() {
    open = 0;
    value = 0;
  }

  /**
   * Returns a decoder for the escape sequences of JSON: {@code \/}, {@code \"}, {@code \\}, {@code
   * \t} and {@code \}{@code u0041} (RFC 8259, 7).
   */
  static Escapes json() {
    return new Escapes() {
      @Override
      byte introducer() {
        return '\\';
      }

      @Override
      int second(byte next) {
        return switch (next) {
          case 'u' -> INCOMPLETE;
          case '/', '"', '\\' -> next;
          case 't' -> '\t';
          default -> FOREIGN;
        };
      }

      @Override
      int length() {
        return 6;
      }

      @Override
      int lead() {
        return 2;
      }
    };
  }

  /** Returns a decoder for percent-encoding, such as {@code %41} (RFC 3986, 2.1). */
  static Escapes percent() {
    return new Escapes() {
      @Override
      byte introducer() {
        return '%';
      }

      @Override
      int second(byte next) {
        throw new IllegalStateException(
            "this kind of escape has no second character before the digits");
      }

      @Override
      int length() {
        return 3;
      }

      @Override
      int lead() {
        return 1;
      }
    };
  }
}
