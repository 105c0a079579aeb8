package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;

/**
 * Decodes all escapes that an error might mix: the escapes of JSON, with more backslashes for JSON
 * inside JSON strings; percent-encoding; and character references of HTML.
 */
final class MixedEscapes implements Decoding {
  private static final int LONGEST = 16;
  private static final int MOST_BACKSLASHES = 8;
  private static final int LONGEST_REFERENCE = 10;
  private static final ByteProcessor IS_ORDINARY =
      next -> next != '\\' && next != '%' && next != '&';

  private enum Within {
    NOTHING,
    BACKSLASHES,
    HEXADECIMAL,
    AMPERSAND,
    NUMBER,
    NAME
  }

  private Within within = Within.NOTHING;
  private int open;
  private int value;

  /** The number of hexadecimal digits that the current escape of fixed length still needs. */
  private int digitsToCome;

  private int radix;

  /** The letters read so far of a character reference's name, one byte per letter. */
  private long name;

  @Override
  public int read(byte next) {
    int character =
        switch (within) {
          case NOTHING -> begin(next);
          case BACKSLASHES -> afterBackslash(next);
          case HEXADECIMAL -> digit(next);
          case AMPERSAND -> afterAmpersand(next);
          case NUMBER -> number(next);
          case NAME -> name(next);
        };
    if (character == INCOMPLETE) {
      open++;
    } else {
      reset();
    }
    return character;
  }

  private int begin(byte next) {
    return switch (next) {
      case '\\' -> enter(Within.BACKSLASHES);
      case '%' -> enterDigits(2);
      case '&' -> enter(Within.AMPERSAND);
      default -> next & 0xff;
    };
  }

  private int afterBackslash(byte next) {
    return switch (next) {
      case '\\' -> open < MOST_BACKSLASHES ? INCOMPLETE : BROKEN;
      case 'u' -> enterDigits(4);
      case 'x' -> enterDigits(2);
      case 't' -> '\t';
      case 'b', 'f', 'n', 'r' -> FOREIGN;
      default -> next & 0xff;
    };
  }

  private int digit(byte next) {
    int digit = Character.digit(next, 16);
    if (digit < 0) {
      return BROKEN;
    }
    value = value * 16 + digit;
    digitsToCome--;
    return digitsToCome > 0 ? INCOMPLETE : single(value);
  }

  private int afterAmpersand(byte next) {
    if (next == '#') {
      radix = 0;
      return enter(Within.NUMBER);
    }
    name = 0;
    within = Within.NAME;
    return name(next);
  }

  private int number(byte next) {
    if (radix == 0 && (next == 'x' || next == 'X')) {
      radix = 16;
      return INCOMPLETE;
    }
    radix = radix == 0 ? 10 : radix;
    int digit = Character.digit(next, radix);
    if (digit >= 0 && open < LONGEST_REFERENCE) {
      value = Math.min(value * radix + digit, 0x10_ffff);
      return INCOMPLETE;
    }
    return next == ';' ? single(value) : BROKEN;
  }

  private int name(byte next) {
    if (next == ';') {
      return switch ((int) name) {
        case 'a' << 24 | 'p' << 16 | 'o' << 8 | 's' -> '\'';
        case 'q' << 24 | 'u' << 16 | 'o' << 8 | 't' -> '"';
        case 'a' << 16 | 'm' << 8 | 'p' -> '&';
        case 's' << 16 | 'o' << 8 | 'l' -> '/';
        case 'l' << 8 | 't' -> '<';
        case 'g' << 8 | 't' -> '>';
        default -> FOREIGN;
      };
    }
    boolean letter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
    if (!letter || name > 0xff_ffff) {
      return BROKEN;
    }
    name = name << 8 | next;
    return INCOMPLETE;
  }

  private int enter(Within kind) {
    within = kind;
    value = 0;
    return INCOMPLETE;
  }

  private int enterDigits(int count) {
    digitsToCome = count;
    return enter(Within.HEXADECIMAL);
  }

  private static int single(int value) {
    return value > 0xff ? FOREIGN : value;
  }

  @Override
  public int openBytes() {
    return open;
  }

  @Override
  public int longest() {
    return LONGEST;
  }

  @Override
  public int nextEscape(ByteBuf text, int from, int to) {
    return text.forEachByte(from, to - from, IS_ORDINARY);
  }

  @Override
  public void reset() {
    within = Within.NOTHING;
    open = 0;
    value = 0;
  }
}
