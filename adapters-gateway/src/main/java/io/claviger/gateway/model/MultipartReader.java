package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads a multipart form (RFC 7578) in any number of pieces. The reader keeps only the head or the
 * wanted content of one part. The reader refuses a form in which the boundary occurs outside of
 * delimiters, because parsers could divide such a form differently.
 */
final class MultipartReader {
  private static final int LONGEST_HEAD = 2 << 10;
  private static final int LONGEST_CONTENT = 1 << 10;
  private static final int PIECE = 8 << 10;
  private static final int MOST_PARTS = 1_000;
  private static final CallError TOO_MANY_PARTS =
      CallError.badRequest("The form has more than 1,000 parts.");
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOWEST_BITS = 0x0101010101010101L;
  private static final long HIGHEST_BITS = 0x8080808080808080L;
  private static final long HYPHENS = '-' * LOWEST_BITS;

  /** Receives the parts of the form, in the order of the form. */
  interface Parts {
    /**
     * Called when a part begins. Returns whether the receiver wants the part's content as one text.
     * Long contents can't be received as one text.
     */
    boolean wants(PartHead part);

    /**
     * Called with the wanted content of a part.
     *
     * @param from the position in the body of the content's first byte
     */
    void content(String text, long from, long to);

    /**
     * Called instead of {@link #content} if the wanted content is too long for one text.
     *
     * @param begin the beginning of the content. The last character might be incomplete
     */
    void tooLong(String begin);

    /** Whether the receiver wants the next content in pieces, without a limit on its length. */
    default boolean passes(PartHead part) {
      return false;
    }

    /** Called with the next piece of the content. */
    default void piece(byte[] bytes, int from, int to) {}
  }

  private enum At {
    BEGIN,
    /**
     * Whether the reader is after a delimiter, but before the end of the delimiter's line or of the
     * body.
     */
    DELIMITED,
    HEAD,
    CONTENT,
    END
  }

  private final Parts parts;
  private final byte[] delimiter;

  /**
   * The table of the Knuth-Morris-Pratt algorithm: how many bytes of the delimiter still match
   * after a mismatch.
   */
  private final int[] shorter;

  /**
   * The bytes read so far of a head, of a content wanted as a text, or of the line after a
   * delimiter.
   */
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

  private At at = At.BEGIN;
  private int matched;
  private long position;
  private long lineBegin;
  private long contentBegin;
  private byte before;
  private boolean keepsContent;

  /**
   * Whether the current content has to be ASCII. Text in ISO 8859-1 has to be ASCII, because only
   * ASCII has the same bytes there as in UTF-8.
   */
  private boolean demandsAscii;

  /** The number of parts of the form that have begun. */
  private int begun;

  /**
   * The newest bytes of a content that the receiver wants in pieces. These bytes are kept because
   * they might be the beginning of a delimiter. The field is null outside of such a content.
   */
  private byte @Nullable [] passing;

  private int passingBytes;

  MultipartReader(Parts parts, String boundary) {
    this.parts = parts;
    this.delimiter = ("--" + boundary).getBytes(ISO_8859_1);
    this.shorter = new int[delimiter.length];
    for (int i = 1, length = 0; i < delimiter.length; i++) {
      while (length > 0 && delimiter[i] != delimiter[length]) {
        length = shorter[length - 1];
      }
      length += delimiter[i] == delimiter[length] ? 1 : 0;
      shorter[i] = length;
    }
  }

  /**
   * @throws MalformedBody if parsers might understand the form differently
   * @throws CallRefused if the form has too many parts
   */
  void read(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      if (at == At.CONTENT && !keepsContent && matched == 0) {
        i = skip(bytes, i, to);
      }
      if (i < to) {
        read(bytes[i++]);
      }
    }
  }

  /**
   * Skips to the next hyphen, because every delimiter begins with a hyphen. Since files are long,
   * this saves time.
   */
  private int skip(byte[] bytes, int from, int to) {
    int hyphen = hyphen(bytes, from, to);
    int skipped = hyphen - from;
    if (skipped > 0) {
      position += skipped;
      byte last = bytes[hyphen - 1];
      if (last == '\n' && (skipped > 1 ? bytes[hyphen - 2] : before) == '\r') {
        lineBegin = position;
      }
      before = last;
      if (passing != null) {
        pass(passing, bytes, from, hyphen);
      }
    }
    return hyphen;
  }

  /**
   * Returns the index of the first hyphen, or the end index if there is none. Compares eight bytes
   * in one step.
   */
  private static int hyphen(byte[] bytes, int from, int to) {
    int i = from;
    while (i + Long.BYTES <= to) {
      long others = (long) EIGHT.get(bytes, i) ^ HYPHENS;
      if (((others - LOWEST_BITS) & ~others & HIGHEST_BITS) != 0) {
        break; // A byte is zero, so it was a hyphen.
      }
      i += Long.BYTES;
    }
    while (i < to && bytes[i] != '-') {
      i++;
    }
    return i;
  }

  /**
   * @throws MalformedBody if the form is incomplete
   */
  void end() {
    demand(at == At.END && (kept.size() == 0 || kept.size() == 2));
  }

  private void read(byte next) {
    position++;
    boolean delimited = matches(next);
    if (before == '\r' && next == '\n') {
      lineBegin = position;
    }
    before = next;
    switch (at) {
      case BEGIN -> {
        demand(position <= delimiter.length);
        if (delimited) {
          beginDelimited();
        }
      }
      case DELIMITED -> delimiterEnd(next);
      case HEAD -> {
        demand(!delimited);
        head(next);
      }
      case CONTENT -> content(next, delimited);
      case END -> {
        kept.write(next);
        demand(!delimited && "\r\n".startsWith(kept.toString(ISO_8859_1)));
      }
    }
  }

  private boolean matches(byte next) {
    while (matched > 0 && next != delimiter[matched]) {
      matched = shorter[matched - 1];
    }
    matched += next == delimiter[matched] ? 1 : 0;
    if (matched == delimiter.length) {
      matched = 0;
      return true;
    }
    return false;
  }

  private void beginDelimited() {
    at = At.DELIMITED;
    kept.reset();
  }

  private void delimiterEnd(byte next) {
    kept.write(next);
    if (kept.size() == 2) {
      String end = kept.toString(ISO_8859_1);
      demand(end.equals("\r\n") || end.equals("--"));
      at = end.equals("--") ? At.END : At.HEAD;
      kept.reset();
    }
  }

  private void head(byte next) {
    kept.write(next);
    demand(kept.size() <= LONGEST_HEAD);
    if (next == '\n') {
      String head = kept.toString(ISO_8859_1);
      if (head.endsWith("\r\n\r\n")) {
        beginContent(PartHead.of(head.substring(0, head.length() - 4)));
      }
    }
  }

  private void beginContent(PartHead part) {
    if (++begun > MOST_PARTS) {
      throw new CallRefused(TOO_MANY_PARTS);
    }
    keepsContent = parts.wants(part);
    demandsAscii = keepsContent && part.isLatin();
    passing = parts.passes(part) ? new byte[PIECE] : null;
    passingBytes = 0;
    at = At.CONTENT;
    contentBegin = position;
    kept.reset();
  }

  private void content(byte next, boolean delimited) {
    demand(!demandsAscii || next >= 0);
    if (keepsContent) {
      kept.write(next);
      if (kept.size() > LONGEST_CONTENT) {
        keepsContent = false;
        parts.tooLong(kept.toString(UTF_8));
      }
    }
    if (passing != null) {
      passing[passingBytes++] = next;
      if (passingBytes == passing.length || delimited) {
        pass(passing);
      }
    }
    if (!delimited) {
      return;
    }
    long begin = position - delimiter.length;
    demand(begin == lineBegin && begin - 2 >= contentBegin);
    if (keepsContent) {
      byte[] bytes = kept.toByteArray();
      String text = new String(bytes, 0, bytes.length - delimiter.length - 2, UTF_8);
      parts.content(text, contentBegin, begin - 2);
    }
    beginDelimited();
  }

  private void pass(byte[] pieces, byte[] bytes, int from, int to) {
    int begin = from;
    while (begin < to) {
      int length = Math.min(to - begin, pieces.length - passingBytes);
      System.arraycopy(bytes, begin, pieces, passingBytes, length);
      passingBytes += length;
      begin += length;
      if (passingBytes == pieces.length) {
        pass(pieces);
      }
    }
  }

  /**
   * Passes on the bytes that can't belong to a delimiter or to the line break before a delimiter.
   */
  private void pass(byte[] bytes) {
    int kept = Math.min(passingBytes, delimiter.length + 2);
    parts.piece(bytes, 0, passingBytes - kept);
    System.arraycopy(bytes, passingBytes - kept, bytes, 0, kept);
    passingBytes = kept;
  }

  static void demand(boolean fulfilled) {
    if (!fulfilled) {
      throw new MalformedBody("can be divided into different parts");
    }
  }
}
