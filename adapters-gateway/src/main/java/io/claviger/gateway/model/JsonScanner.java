package io.claviger.gateway.model;

import java.util.BitSet;

/**
 * Reads exactly one JSON text (RFC 8259), which arrives in parts. The scanner refuses everything
 * else: a byte order mark, an encoding other than strict UTF-8, comments, {@code NaN}, trailing
 * commas, and anything after the end of the text. The scanner is strict because a lenient parser
 * might understand the document differently than the provider's parser.
 *
 * <p>The scanner takes linear time. For documents of any size, the scanner keeps only a {@link
 * ScannedText} and two bits for each level of nesting. The scanner does not recurse.
 */
final class JsonScanner {
  /** The greatest permitted depth of nesting of arrays and objects. */
  static final int DEEPEST = 500;

  /** The number of bytes that are read in one step from a completely arrived text. */
  private static final int TURN = 64 << 10;

  private static final String NAMES_OF_ESCAPES = "\"\\/bfnrt";
  private static final String ESCAPED = "\"\\/\b\f\n\r\t";

  private final JsonEvents events;
  private final ScannedText text;

  /**
   * For each depth, whether an array has begun at this depth; if not, an object has begun there.
   */
  private final BitSet arrays = new BitSet();

  private JsonState state = JsonState.VALUE;
  private int depth;
  private boolean inName;
  private boolean holding;

  /** Whether the receiver of the events gets the current string in pieces. */
  private boolean passing;

  private boolean stopped;

  private String literal = "";

  private final ScannedNumber number = new ScannedNumber();
  private long position;

  /** The position of the opening quote of the last name or string. */
  private long begun;

  /** The number of characters that have been read of the current literal or hexadecimal escape. */
  private int progress;

  private int codePoint;
  private int highSurrogate;

  /**
   * The permitted range of the next byte of a multi-byte character. {@link #continuations} is the
   * number of this character's missing bytes.
   */
  private int lowest;

  private int highest;
  private int continuations;

  /**
   * @param longest the maximum number of characters of a name or string that {@code events}
   *     receives
   */
  JsonScanner(JsonEvents events, int longest) {
    this.events = events;
    this.text = new ScannedText(longest);
  }

  /** Begins a new text, even if the previous text is incomplete or malformed. */
  void restart() {
    state = JsonState.VALUE;
    depth = 0;
    highSurrogate = 0;
    position = 0;
    stopped = false;
  }

  /** Ignores the rest of the text. Called by the receiver of an event that needs no more events. */
  void stop() {
    stopped = true;
  }

  /** Reads a text that has arrived completely. Returns false if the text is not valid JSON. */
  boolean readWhole(byte[] bytes) {
    try {
      read(bytes, 0, bytes.length);
      end();
      return true;
    } catch (MalformedBody e) {
      return false;
    }
  }

  /**
   * @throws MalformedBody if the text can no longer become valid
   */
  void read(byte[] bytes, int from, int to) {
    long before = position - from;
    for (int i = from; i < to && !stopped; i++) {
      if (state == JsonState.STRING && highSurrogate == 0) {
        int plain = i;
        i = ScannedText.skipPlain(bytes, i, to);
        if (holding) {
          text.addPlain(bytes, plain, i);
        }
        if (passing) {
          events.piece(bytes, plain, i);
        }
        if (i == to) {
          break;
        }
      }
      position = before + i;
      read(bytes[i] & 0xff);
    }
    position = before + to;
  }

  /**
   * Reads the next part of a text that has arrived completely and contains exactly one JSON text.
   *
   * @return whether this was the last part
   * @throws MalformedBody if the text is not valid
   */
  boolean readOn(byte[] whole) {
    int from = (int) position;
    int to = Math.min(whole.length, from + TURN);
    read(whole, from, to);
    if (to < whole.length) {
      return false;
    }
    end();
    return true;
  }

  /**
   * Returns the position of the current byte, from 0. During an event, the current byte is the
   * bracket that caused the event, the closing quote of the string, or the byte after the number.
   * During {@code wantsText}, the current byte is the opening quote.
   */
  long position() {
    return position;
  }

  /** Returns the position of the opening quote of the last name or string. */
  long begun() {
    return begun;
  }

  /**
   * @throws MalformedBody if the text is incomplete
   */
  void end() {
    if (depth == 0 && isInWholeNumber()) {
      endNumber(' ');
    }
    if (state != JsonState.END) {
      throw new MalformedBody("ends too early");
    }
  }

  private boolean isInWholeNumber() {
    return state == JsonState.ZERO
        || state == JsonState.INTEGER
        || state == JsonState.FRACTION
        || state == JsonState.EXPONENT_DIGITS;
  }

  private void read(int next) {
    switch (state) {
      case VALUE, VALUE_OR_END, NAME, NAME_OR_END, COLON, AFTER_VALUE, END -> between(next);
      case STRING -> string(next);
      case ESCAPE -> escape(next);
      case HEX -> hex(next);
      case CONTINUATION -> continuation(next);
      case LITERAL -> literal(next);
      case MINUS, ZERO, INTEGER, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, EXPONENT_DIGITS ->
          number(next);
    }
  }

  private void between(int next) {
    if (next == ' ' || next == '\n' || next == '\r' || next == '\t') {
      return;
    }
    switch (state) {
      case VALUE -> value(next);
      case VALUE_OR_END -> {
        if (next == ']') {
          close(true);
        } else {
          value(next);
        }
      }
      case NAME -> name(next);
      case NAME_OR_END -> {
        if (next == '}') {
          close(false);
        } else {
          name(next);
        }
      }
      case COLON -> {
        demand(next == ':');
        state = JsonState.VALUE;
      }
      case AFTER_VALUE -> afterValue(next);
      default -> throw new MalformedBody("continues after the end of the JSON text");
    }
  }

  private void name(int next) {
    demand(next == '"');
    begin(true, true);
  }

  private void value(int next) {
    switch (next) {
      case '{' -> open(false);
      case '[' -> open(true);
      case '"' -> {
        begin(false, events.wantsText());
        passing = events.wantsPieces();
      }
      case 't' -> begin("true");
      case 'f' -> begin("false");
      case 'n' -> begin("null");
      case '-' -> beginNumber(next, JsonState.MINUS);
      case '0' -> beginNumber(next, JsonState.ZERO);
      default -> {
        demand(isDigit(next));
        beginNumber(next, JsonState.INTEGER);
      }
    }
  }

  private void open(boolean array) {
    if (depth == DEEPEST) {
      throw new MalformedBody("is nested too deeply");
    }
    arrays.set(depth++, array);
    state = array ? JsonState.VALUE_OR_END : JsonState.NAME_OR_END;
    events.opened(array);
  }

  private void close(boolean array) {
    demand(depth > 0 && arrays.get(depth - 1) == array);
    depth--;
    events.closed();
    valueEnded();
  }

  private void afterValue(int next) {
    if (next == ',') {
      state = arrays.get(depth - 1) ? JsonState.VALUE : JsonState.NAME;
    } else {
      demand(next == ']' || next == '}');
      close(next == ']');
    }
  }

  private void valueEnded() {
    state = depth == 0 ? JsonState.END : JsonState.AFTER_VALUE;
  }

  private void begin(boolean name, boolean held) {
    inName = name;
    holding = held;
    passing = false;
    begun = position;
    text.clear();
    state = JsonState.STRING;
  }

  private void string(int next) {
    if (next == '"') {
      endString();
    } else if (next == '\\') {
      state = JsonState.ESCAPE;
    } else if (next < 0x80) {
      demand(next >= 0x20);
      add(next);
    } else {
      multiByte(next);
    }
  }

  private void endString() {
    flushSurrogate();
    if (inName) {
      state = JsonState.COLON;
      events.name(text);
    } else {
      valueEnded();
      if (holding) {
        events.text(text);
      } else {
        events.other();
      }
    }
  }

  private void escape(int next) {
    if (next == 'u') {
      progress = 0;
      codePoint = 0;
      state = JsonState.HEX;
      return;
    }
    int which = NAMES_OF_ESCAPES.indexOf(next);
    demand(which >= 0);
    add(ESCAPED.charAt(which));
    state = JsonState.STRING;
  }

  private void hex(int next) {
    int digit = next < 0x80 ? Character.digit(next, 16) : -1;
    demand(digit >= 0);
    codePoint = codePoint << 4 | digit;
    if (++progress == 4) {
      state = JsonState.STRING;
      addUnit((char) codePoint);
    }
  }

  /** Adds one half of a surrogate pair. A half without its counterpart is kept as it is. */
  private void addUnit(char unit) {
    if (highSurrogate != 0 && Character.isLowSurrogate(unit)) {
      int pair = Character.toCodePoint((char) highSurrogate, unit);
      highSurrogate = 0;
      add(pair);
    } else if (Character.isHighSurrogate(unit)) {
      flushSurrogate();
      highSurrogate = unit;
    } else {
      add(unit);
    }
  }

  private void add(int character) {
    flushSurrogate();
    if (holding) {
      text.add(character);
    }
    if (passing) {
      events.piece(character);
    }
  }

  private void flushSurrogate() {
    if (highSurrogate != 0 && holding) {
      text.add(highSurrogate);
    }
    if (highSurrogate != 0 && passing) {
      events.piece(highSurrogate);
    }
    highSurrogate = 0;
  }

  /**
   * Begins to decode a non-ASCII character by its first byte, according to table 3-7 of the Unicode
   * Standard.
   */
  private void multiByte(int first) {
    demand(first >= 0xc2 && first <= 0xf4);
    lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    continuations = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    codePoint = first & (0x3f >> continuations);
    state = JsonState.CONTINUATION;
  }

  private void continuation(int next) {
    demand(next >= lowest && next <= highest);
    lowest = 0x80;
    highest = 0xbf;
    codePoint = codePoint << 6 | (next & 0x3f);
    if (--continuations == 0) {
      state = JsonState.STRING;
      add(codePoint);
    }
  }

  private void begin(String expected) {
    literal = expected;
    progress = 1;
    state = JsonState.LITERAL;
  }

  private void beginNumber(int first, JsonState next) {
    number.begin(first);
    state = next;
  }

  private void literal(int next) {
    demand(next == literal.charAt(progress));
    if (++progress == literal.length()) {
      valueEnded();
      events.literal(literal);
    }
  }

  private void number(int next) {
    boolean digit = isDigit(next);
    number.add(next);
    switch (state) {
      case MINUS -> {
        demand(digit);
        state = next == '0' ? JsonState.ZERO : JsonState.INTEGER;
      }
      case ZERO, INTEGER -> {
        if (digit) {
          demand(state == JsonState.INTEGER);
        } else if (next == '.') {
          state = JsonState.POINT;
        } else {
          exponentOrEnd(next);
        }
      }
      case POINT -> {
        demand(digit);
        state = JsonState.FRACTION;
      }
      case FRACTION -> {
        if (!digit) {
          exponentOrEnd(next);
        }
      }
      case EXPONENT -> {
        demand(digit || next == '+' || next == '-');
        state = digit ? JsonState.EXPONENT_DIGITS : JsonState.EXPONENT_SIGN;
      }
      case EXPONENT_SIGN -> {
        demand(digit);
        state = JsonState.EXPONENT_DIGITS;
      }
      default -> {
        if (!digit) {
          endNumber(next);
        }
      }
    }
  }

  private void exponentOrEnd(int next) {
    if (next == 'e' || next == 'E') {
      state = JsonState.EXPONENT;
    } else {
      endNumber(next);
    }
  }

  /** Ends a number. The end of a number is known only when the next byte has arrived. */
  private void endNumber(int next) {
    valueEnded();
    events.number(number);
    between(next);
  }

  private static boolean isDigit(int next) {
    return next >= '0' && next <= '9';
  }

  private static void demand(boolean fulfilled) {
    if (!fulfilled) {
      throw new MalformedBody("is not JSON");
    }
  }

  /** The syntactic element that a {@link JsonScanner} expects next. */
  private enum JsonState {
    VALUE,
    VALUE_OR_END,
    NAME,
    NAME_OR_END,
    COLON,
    AFTER_VALUE,
    END,
    STRING,
    ESCAPE,
    HEX,
    CONTINUATION,
    LITERAL,
    MINUS,
    ZERO,
    INTEGER,
    POINT,
    FRACTION,
    EXPONENT,
    EXPONENT_SIGN,
    EXPONENT_DIGITS
  }
}
