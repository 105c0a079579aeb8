package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Searches for any piece of a secret that has at least eight characters, in one of the forms in
 * which an error may contain it. It can also search for beginnings or endings of the secret of at
 * least four characters, because error texts show them: {@code sk-ab…wxyz}. These count only where
 * a word begins or ends, since otherwise every word that happens to share four letters would be
 * masked.
 *
 * <p>Each byte is read once, or twice where what looked like an escape is none, and each character
 * is looked up at most once. At most seven characters and an escape are kept.
 */
final class PieceScan implements Scan {
  /** The shortest piece that is found anywhere. */
  static final int PIECE = Long.BYTES;

  /** The shortest beginning or ending that is found. */
  static final int EDGE = 4;

  /** A beginning that is no secret, though header values may have it. */
  private static final long PUBLIC = packed("https://");

  private static final int MOST_BYTES = PIECE * MixedEscapes.LONGEST;

  /** What is searched for. The scans for all forms of a secret share it. */
  static final class Sought {
    private static final int PAIR_BITS = 11;

    private final Pattern secret;
    private final boolean[] characters = new boolean[256];

    /** Hashes of neighbouring characters of the secret. A window with other pairs is no piece. */
    private final boolean[] pairs = new boolean[1 << PAIR_BITS];

    /** The beginnings, by their length. */
    private final long[] beginnings = new long[PIECE];

    private final long[] endings = new long[PIECE];

    /** The greatest length of a beginning or ending that is searched for; 0 if none is. */
    private final int longestEdge;

    /** Created on first use, because most errors contain nothing like a secret. */
    private @Nullable SecretPieces pieces;

    /**
     * @param edges whether beginnings and endings are searched for
     */
    Sought(Pattern secret, boolean edges) {
      this.secret = secret;
      this.longestEdge = edges ? Math.min(PIECE - 1, secret.length()) : 0;
      for (int i = 0; i < secret.length(); i++) {
        characters[secret.at(i) & 0xff] = true;
        if (i > 0) {
          pairs[pair(secret.at(i - 1), secret.at(i))] = true;
        }
      }
      for (int length = EDGE; length <= longestEdge; length++) {
        beginnings[length] = packed(0, length);
        endings[length] = packed(secret.length() - length, length);
      }
    }

    private long packed(int from, int length) {
      long packed = 0;
      for (int i = from; i < from + length; i++) {
        packed = packed << Byte.SIZE | (secret.at(i) & 0xff);
      }
      return packed;
    }

    private static int pair(int first, int second) {
      return ((first & 0xff) * 31 + (second & 0xff) * 17) & ((1 << PAIR_BITS) - 1);
    }

    boolean isPiece(long window) {
      if (secret.length() < PIECE || window == PUBLIC) {
        return false;
      }
      if (pieces == null) {
        pieces = new SecretPieces(secret, PIECE);
      }
      return pieces.contains(window);
    }

    void wipe() {
      java.util.Arrays.fill(beginnings, 0);
      java.util.Arrays.fill(endings, 0);
      if (pieces != null) {
        pieces.wipe();
      }
    }
  }

  private final Sought sought;
  private final Decoding decoding;

  /** The last eight characters. In the text they may be masked by now. */
  private long window;

  /** How many bytes each of these characters took, in a ring buffer. */
  private final int[] taken = new int[PIECE];

  private int last;

  /**
   * How many of the last characters can be the beginning of a piece; all of them after a whole
   * piece.
   */
  private int begun;

  /** How many of the last bytes belong to no reported span. */
  private int open;

  /**
   * A bit for each of the last characters, the lowest for the latest: whether a word can begin with
   * it.
   */
  private int starts;

  private boolean inWord;

  PieceScan(Sought sought, Decoding decoding) {
    this.sought = sought;
    this.decoding = decoding;
  }

  @Override
  public void scan(ByteBuf text, int from, int to, MatchSpans found) {
    int at = from;
    while (at < to) {
      int before = decoding.openBytes();
      int character = decoding.read(text.getByte(at));
      if (character == Decoding.BROKEN) {
        endWord(at - before, found); // an escape begins with no letter or digit
        begun = 0;
        continue;
      }
      at++;
      if (character != Decoding.INCOMPLETE) {
        read(character, before + 1, at, found);
      }
    }
  }

  private void read(int character, int bytes, int end, MatchSpans found) {
    boolean word = isWord(character);
    if (!word) {
      endWord(end - bytes, found);
    }
    starts = starts << 1 | (inWord ? 0 : 1);
    inWord = word;
    open = Math.min(open + bytes, MOST_BYTES);
    last = (last + 1) % PIECE;
    taken[last] = bytes;
    if (character < 0 || !sought.characters[character]) {
      begun = 0;
    } else if (begun > 0 && sought.pairs[Sought.pair((int) window, character)]) {
      begun = Math.min(begun + 1, PIECE);
    } else {
      begun = 1;
    }
    window = window << Byte.SIZE | (character & 0xff);
    if (begun == PIECE && sought.isPiece(window)) {
      report(PIECE, end, found);
    } else {
      beginning(end, found);
    }
  }

  private void beginning(int end, MatchSpans found) {
    for (int length = Math.min(begun, sought.longestEdge); length >= EDGE; length--) {
      boolean starting = (starts >> (length - 1) & 1) != 0;
      if (starting && isLast(length, sought.beginnings)) {
        report(length, end, found);
        return;
      }
    }
  }

  /** Ends a word, because no letter or digit follows. */
  private void endWord(int end, MatchSpans found) {
    inWord = false;
    for (int length = Math.min(begun, sought.longestEdge); length >= EDGE; length--) {
      if (isLast(length, sought.endings)) {
        report(length, end, found);
        return;
      }
    }
  }

  private boolean isLast(int length, long[] edges) {
    return (window & (-1L >>> (Long.SIZE - Byte.SIZE * length))) == edges[length];
  }

  private void report(int characters, int end, MatchSpans found) {
    int bytes = Math.min(bytesOf(characters), open);
    if (bytes > 0) {
      found.add(end - bytes, end);
    }
    open = 0;
  }

  /** Returns how many bytes the last characters took. */
  private int bytesOf(int characters) {
    int bytes = 0;
    for (int i = 0; i < characters; i++) {
      bytes += taken[(last - i + PIECE) % PIECE];
    }
    return bytes;
  }

  @Override
  public int held() {
    return Math.min(bytesOf(Math.min(begun, PIECE - 1)), open) + decoding.openBytes();
  }

  @Override
  public void end(ByteBuf text, int to, MatchSpans found) {
    endWord(to - decoding.openBytes(), found);
    decoding.reset();
    window = 0;
    begun = 0;
    open = 0;
    starts = 0;
  }

  @Override
  public void wipe() {
    sought.wipe();
    window = 0;
  }

  private static long packed(String text) {
    long packed = 0;
    for (int i = 0; i < text.length(); i++) {
      packed = packed << Byte.SIZE | text.charAt(i);
    }
    return packed;
  }

  private static boolean isWord(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
