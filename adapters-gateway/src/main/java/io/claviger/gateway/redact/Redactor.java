package io.claviger.gateway.redact;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * Replaces each byte of a secret with an asterisk, in a text that arrives in chunks. The length of
 * the text does not change. The redactor finds secrets in plain form, escaped as in JSON,
 * percent-encoded, and split across chunks. Time and memory are linear in the length of the text
 * and of the secrets.
 *
 * <p>A caller may make a provider repeat a text that contains guesses of the secret. The redacted
 * text must not reveal whether a part of a guess was right. So the redactor replaces only whole
 * secrets. The redactor also holds back the last word of every chunk, even if no secret begins like
 * the word.
 */
public final class Redactor implements AutoCloseable {
  /** Characters that separate words, unless they occur in a secret. */
  private static final String BETWEEN_WORDS = "\",{}[]";

  private static final boolean[] BETWEEN_IN_ERRORS = between(true);
  private static final boolean[] BETWEEN_IN_ANSWERS = between(false);

  private final boolean inError;
  private final Secrets secrets = new Secrets();
  private final List<Scan> scans = new ArrayList<>();
  private final MatchSpans found = new MatchSpans();

  /** The bytes that no searched form of a secret contains. */
  private final boolean[] between;

  private int longestEscape;

  /** The length of a secret's longest form, in bytes. */
  private int longest;

  private int shortest = Integer.MAX_VALUE;
  private boolean foundInText;
  private final PendingTail held = new PendingTail();

  /**
   * @param inError whether the text is an error. In an error, secrets are also found with any
   *     escapes that {@link MixedEscapes} knows, and every word that looks like a shortened key is
   *     replaced
   */
  public Redactor(boolean inError) {
    this.inError = inError;
    this.between = (inError ? BETWEEN_IN_ERRORS : BETWEEN_IN_ANSWERS).clone();
  }

  private static boolean[] between(boolean inError) {
    boolean[] between = new boolean[256];
    for (int value = 0; value < between.length; value++) {
      boolean visible = value > ' ' && value < 0x7f;
      between[value] = visible ? BETWEEN_WORDS.indexOf(value) >= 0 : value < 0x80 || !inError;
    }
    return between;
  }

  /**
   * Adds a secret to search for. Must be called before the first search.
   *
   * @param secret the secret, at least one byte of ASCII. The caller must no longer use the array,
   *     because the redactor erases it at the end
   */
  public void add(byte[] secret) {
    if (scans.isEmpty()) {
      addScans();
    }
    secrets.add(secret);
    shortest = Math.min(shortest, secret.length);
    longest = Math.max(longest, secret.length * longestEscape);
    for (byte part : secret) {
      between[part & 0xff] = false;
    }
  }

  /** Adds the scans that find the secrets. Each scan searches for all secrets at once. */
  private void addScans() {
    scans.add(new PlainScan(secrets));
    addEscaped(Escapes.json());
    addEscaped(Escapes.percent());
    if (inError) {
      addEscaped(new MixedEscapes());
      addShortened();
    }
  }

  private void addEscaped(Decoding escapes) {
    scans.add(new EscapedScan(secrets, escapes));
    longestEscape = Math.max(longestEscape, escapes.longest());
  }

  private void addShortened() {
    scans.add(new ShortenedKeyScan());
    for (int value = 0; value < between.length; value++) {
      between[value] &= ShortenedKeyScan.isOutside((byte) value);
    }
    longest = ShortenedKeyScan.LONGEST + 1;
    shortest = 1;
  }

  /**
   * @param chunk the next chunk of the text; the callee has to release it and may change its
   *     content
   * @return the text that may be forwarded now, possibly empty; the receiver has to release it
   */
  public ByteBuf pass(ByteBuf chunk) {
    if (scans.isEmpty()) {
      return chunk;
    }
    int before = held.length();
    ByteBuf text = held.joinedWith(chunk);
    int from = text.readerIndex() + before;
    int word = lastWord(text, from, before);
    for (Scan scan : scans) {
      scan.scan(text, from, text.writerIndex(), text.writerIndex() - word, found);
    }
    found.mask(text);
    return held.holdLast(word, text);
  }

  /**
   * Returns how many bytes at the end of a text might begin a secret.
   *
   * @param before the number of held-back bytes that precede {@code from}; all of them belong to
   *     one word
   */
  private int lastWord(ByteBuf text, int from, int before) {
    int to = text.writerIndex();
    int start = to;
    while (start > from && to - start < longest && !between[text.getByte(start - 1) & 0xff]) {
      start--;
    }
    int word = to - start + (start == from ? before : 0);
    return Math.min(word, longest - 1);
  }

  /** Returns the bytes that are held back. Called at the end of the text. */
  public ByteBuf end() {
    ByteBuf text = held.takeAll();
    for (Scan scan : scans) {
      scan.end(text.writerIndex(), found);
    }
    found.mask(text);
    return text;
  }

  /**
   * Redacts a complete text, such as the value of a header. Must not be called while the redactor
   * redacts a body.
   */
  public String whole(String text) {
    if (text.length() < shortest) {
      return text;
    }
    ByteBuf bytes = Unpooled.wrappedBuffer(text.getBytes(ISO_8859_1));
    for (Scan scan : scans) {
      scan.scan(bytes, 0, bytes.writerIndex(), bytes.writerIndex(), found);
      scan.end(bytes.writerIndex(), found);
    }
    if (!found.any()) {
      return text;
    }
    foundInText = true;
    found.mask(bytes);
    return bytes.toString(ISO_8859_1);
  }

  /**
   * Whether a complete text, such as a header's name, contains a secret. Must not be called while
   * the redactor redacts a body.
   */
  public boolean finds(CharSequence text) {
    return text.length() >= shortest && !whole(text.toString()).contentEquals(text);
  }

  /**
   * Searches the next part of a text in memory. The text is not changed. Must not be called while
   * the redactor redacts a body.
   *
   * @param last whether this is the last part
   * @return whether a secret ends in the given part
   */
  public boolean finds(ByteBuf text, int from, int to, boolean last) {
    for (Scan scan : scans) {
      scan.scan(text, from, to, last ? to : from, found);
      if (last) {
        scan.end(to, found);
      }
    }
    boolean any = found.any();
    found.forget();
    return any;
  }

  /** Whether {@link #whole} has found a secret. */
  public boolean hasFoundInText() {
    return foundInText;
  }

  @Override
  public void close() {
    secrets.wipe();
    held.close();
  }
}
