package io.claviger.gateway.usage;

import io.claviger.domain.formats.UsagePlaces;
import io.claviger.domain.formats.UsagePlaces.Meaning;
import io.claviger.domain.formats.UsagePlaces.Place;
import io.claviger.gateway.wire.ByteSearch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values at certain places ({@link UsagePlaces}) of JSON documents while the gateway
 * forwards the documents. For each byte, the scanner knows the object and the member that contain
 * the byte. So the scanner never mistakes a text inside a string or at another place for one of
 * these values. Values that contain no such places are skipped, eight bytes at a time.
 *
 * <p>For any document, the scanner takes linear time and constant memory. If a document turns out
 * not to be JSON, the scanner ignores the rest.
 */
final class PlaceScanner {
  /** Receives the values in the order in which the document contains them. */
  interface Listener {
    /**
     * Called at the beginning of an object, array or string whose mere presence matters, regardless
     * of its content.
     */
    void begun(Meaning meaning);

    /** Called at the end of an object or array whose place is in the table of places. */
    void ended(Meaning meaning);

    /**
     * @param number a count, rounded up and limited to {@link Integer#MAX_VALUE}; or a cost, in
     *     nano-dollars
     */
    void number(Meaning meaning, long number);

    /**
     * @param text the text; the array is valid only until this method returns
     * @param length the length of the text; -1 if the text can't be a name, because it is longer
     *     than {@value #LONGEST} or contains bytes that are not visible ASCII
     */
    void text(Meaning meaning, byte[] text, int length);

    /**
     * Called with a text, such as an id, that only has to be distinguished from other texts.
     *
     * @param hash the hash of the text, practically unique; 0 if the text is empty
     */
    void identity(Meaning meaning, long hash);

    void literal(Meaning meaning, boolean isTrue);
  }

  static final int LONGEST = 256;

  private static final int NANO_DECIMALS = 9;
  private static final long NANOS = 1_000_000_000;

  /**
   * The amount, in nano-dollars, below which providers' programs write costs with an exponent, such
   * as {@code 5e-05}. This amount is a ten-thousandth of a dollar.
   */
  private static final long SMALL_COST = NANOS / 10_000;

  private static final long TICKS_OF_A_NANO_DOLLAR = 10;

  /** Larger numbers count as this number. Ten times this number still fits in a long. */
  private static final long MOST = Long.MAX_VALUE / 100;

  private enum At {
    /** Between two values, where a document, a member or an element can begin or end. */
    BETWEEN,
    NAME,
    COLON,
    VALUE,
    TEXT,
    NUMBER,
    /** Inside a number or literal whose value is irrelevant. */
    SCALAR,
    STRING,
    /** Inside an object or array with irrelevant content, but outside of its strings. */
    SKIPPED,
    MALFORMED
  }

  private final UsagePlaces places;
  private final Listener listener;
  private final Place[] open = new Place[UsagePlaces.DEEPEST];
  private int depth;
  private At at = At.BETWEEN;

  /** The place of the current or next value; null if the place is not in the table. */
  private @Nullable Place place;

  /** The number of open objects and arrays whose content is irrelevant. */
  private long skipped;

  /** Whether the last byte was a backslash in a string. */
  private boolean escaped;

  /** The text of a string. The array starts small and grows, because most names are short. */
  private byte[] text = new byte[LONGEST / 8];

  private int length;

  /** The length of the whole text in bytes. Only the first {@link #length} bytes are kept. */
  private int whole;

  private boolean unusable;

  private long number;
  private boolean hasPoint;
  private boolean hasFraction;

  /**
   * The first digits after the decimal point, read as a whole number. {@code decimals} is the
   * number of these digits.
   */
  private int fraction;

  private int decimals;

  PlaceScanner(UsagePlaces places, Listener listener) {
    this.places = places;
    this.listener = listener;
  }

  /** Begins a new document, even if the previous document is incomplete. */
  void reset() {
    depth = 0;
    skipped = 0;
    escaped = false;
    at = At.BETWEEN;
  }

  void read(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      switch (at) {
        case SKIPPED -> i = skip(bytes, i, to);
        case STRING -> i = string(bytes, i, to);
        case NAME, TEXT -> i = text(bytes, i, to);
        case NUMBER -> i = number(bytes, i, to);
        case SCALAR -> i = scalar(bytes, i, to);
        case BETWEEN, COLON, VALUE -> structure(bytes[i++]);
        case MALFORMED -> {
          return;
        }
      }
    }
  }

  private void structure(byte next) {
    if (next == ' ' || next == '\n' || next == '\r' || next == '\t') {
      return;
    }
    switch (at) {
      case COLON -> at = next == ':' ? At.VALUE : At.MALFORMED;
      case VALUE -> value(next);
      default -> between(next);
    }
  }

  private void between(byte next) {
    if (depth == 0) {
      place = next == '[' ? places.documents() : places.document();
      value(next);
      return;
    }
    Place inner = open[depth - 1];
    boolean array = inner.elements() != null;
    if (next == (array ? ']' : '}')) {
      close(inner);
    } else if (next != ',' && array) {
      place = inner.elements();
      value(next);
    } else if (next != ',') {
      beginText(next == '"' ? At.NAME : At.MALFORMED);
    }
  }

  private void close(Place inner) {
    depth--;
    Meaning meaning = inner.meaning();
    if (meaning != null) {
      listener.ended(meaning);
    }
  }

  private void value(byte next) {
    Meaning meaning = place == null ? null : place.meaning();
    switch (next) {
      case '{', '[' -> open(next, meaning);
      case '"' -> {
        if (meaning != null && meaning.isCounted()) {
          listener.begun(meaning);
        }
        beginText(meaning != null && meaning.isText() ? At.TEXT : At.STRING);
      }
      case 't', 'f', 'n', '-' -> {
        if (meaning != null && meaning.isLiteral()) {
          listener.literal(meaning, next == 't');
        }
        at = At.SCALAR;
      }
      default -> {
        if (!isDigit(next)) {
          at = At.MALFORMED;
        } else {
          at = meaning != null && meaning.isNumber() ? At.NUMBER : At.SCALAR;
          number = (long) next - '0';
          hasPoint = false;
          hasFraction = false;
          fraction = 0;
          decimals = 0;
        }
      }
    }
  }

  private void open(byte bracket, @Nullable Meaning meaning) {
    Place opened = place;
    boolean known =
        opened != null && (bracket == '{' ? opened.hasMembers() : opened.elements() != null);
    if (meaning != null && (known || meaning.isCounted())) {
      listener.begun(meaning);
    }
    if (opened != null && known) {
      open[depth++] = opened;
      at = At.BETWEEN;
    } else {
      skipped = 1;
      at = At.SKIPPED;
    }
  }

  private int skip(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && at == At.SKIPPED) {
      i = ByteSearch.nextOfStructure(bytes, i, to);
      if (i == to) {
        return to;
      }
      switch (bytes[i++]) {
        case '"' -> {
          at = At.STRING;
          i = string(bytes, i, to);
        }
        case '{', '[' -> skipped++;
        case '}', ']' -> {
          if (--skipped == 0) {
            at = At.BETWEEN;
          }
        }
        default -> {}
      }
    }
    return i;
  }

  private int string(byte[] bytes, int from, int to) {
    int i = from;
    if (escaped) {
      escaped = false;
      i++;
    }
    while (true) {
      i = ByteSearch.endOfPlainText(bytes, i, to);
      if (i == to) {
        return to;
      }
      if (bytes[i] == '"') {
        at = skipped > 0 ? At.SKIPPED : At.BETWEEN;
        return i + 1;
      }
      i += 2;
      if (i > to) {
        escaped = true;
        return to;
      }
    }
  }

  private void beginText(At next) {
    at = next;
    length = 0;
    whole = 0;
    unusable = false;
  }

  private int text(byte[] bytes, int from, int to) {
    int i = from;
    if (escaped) {
      escaped = false;
      unusable |= bytes[i] != '/';
      keep(bytes, i, i + 1);
      i++;
    }
    int end = ByteSearch.endOfPlainText(bytes, i, to);
    keep(bytes, i, end);
    if (end == to) {
      return to;
    }
    if (bytes[end] == '"') {
      endText();
    } else {
      escaped = true;
    }
    return end + 1;
  }

  private void keep(byte[] bytes, int from, int to) {
    whole += to - from;
    int kept = Math.min(to - from, LONGEST - length);
    unusable |= kept < to - from;
    if (length + kept > text.length) {
      text = Arrays.copyOf(text, LONGEST);
    }
    System.arraycopy(bytes, from, text, length, kept);
    length += kept;
  }

  private void endText() {
    if (at == At.NAME) {
      place = unusable ? null : open[depth - 1].member(text, length);
      at = At.COLON;
      return;
    }
    at = At.BETWEEN;
    Meaning meaning = place == null ? null : place.meaning();
    if (meaning != null && meaning.isIdentity()) {
      listener.identity(meaning, length == 0 ? 0 : StatedFees.hash(text, length, whole));
    } else if (meaning != null) {
      listener.text(meaning, text, unusable || !isVisible() ? -1 : length);
    }
  }

  private boolean isVisible() {
    for (int i = 0; i < length; i++) {
      if (text[i] <= ' ' || text[i] == 0x7f) {
        return false;
      }
    }
    return true;
  }

  private int number(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      byte next = bytes[i];
      if (isDigit(next)) {
        hasFraction |= hasPoint && next != '0';
        if (hasPoint && decimals < NANO_DECIMALS) {
          fraction = fraction * 10 + (next - '0');
          decimals++;
        }
        number = hasPoint ? number : Math.min(number * 10 + (next - '0'), MOST);
      } else if (next == '.' && !hasPoint) {
        hasPoint = true;
      } else if (endsScalar(next)) {
        at = At.BETWEEN;
        Meaning meaning = place == null ? null : place.meaning();
        if (meaning != null) {
          listener.number(meaning, value(meaning));
        }
        return i;
      } else {
        Meaning meaning = place == null ? null : place.meaning();
        if (meaning != null && meaning.isAmount() && (next | 0x20) == 'e') {
          listener.number(meaning, SMALL_COST);
        }
        at = At.SCALAR; // Nobody writes a count with an exponent.
        return i;
      }
    }
    return to;
  }

  private long value(Meaning meaning) {
    if (meaning.isAmount()) {
      return nanos();
    }
    long whole = number + (hasFraction ? 1 : 0);
    return meaning == Meaning.COST_IN_TICKS
        ? Math.ceilDiv(whole, TICKS_OF_A_NANO_DOLLAR)
        : Math.min(whole, Integer.MAX_VALUE);
  }

  private long nanos() {
    long ofFraction = fraction;
    for (int i = decimals; i < NANO_DECIMALS; i++) {
      ofFraction *= 10;
    }
    return Math.min(number, Integer.MAX_VALUE) * NANOS + ofFraction;
  }

  private int scalar(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      byte next = bytes[i];
      if (endsScalar(next)) {
        at = At.BETWEEN;
        return i;
      }
      if (next == '"' || next == '{' || next == '[' || next == ':') {
        at = At.MALFORMED;
        return i;
      }
    }
    return to;
  }

  private static boolean endsScalar(byte next) {
    return next == ','
        || next == '}'
        || next == ']'
        || next == '\n'
        || next == ' '
        || next == '\r'
        || next == '\t';
  }

  private static boolean isDigit(byte next) {
    return next >= '0' && next <= '9';
  }
}
