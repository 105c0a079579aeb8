package io.claviger.gateway.redact;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * Replaces each byte of a secret by an asterisk in a text that arrives in chunks. So the length of
 * the text stays the same. Secrets are found in plain text, with characters escaped as in JSON or
 * percent-encoded, and also if they are divided between chunks. Time and memory grow linearly with
 * the length of the text and of the secrets.
 *
 * <p>A caller may cause a provider to repeat texts in which the caller guesses the secret. So the
 * redactor must behave in the same way whether or not a part of a secret was guessed. For this
 * reason, only whole secrets are replaced. For the same reason, the last word of a chunk is always
 * kept back, even if no secret begins with that word.
 */
public final class Redactor implements AutoCloseable {
  /** Characters that separate words, except for those that a secret contains. */
  private static final String BETWEEN_WORDS = "\",{}[]";

  private final boolean inError;
  private final List<Pattern> patterns = new ArrayList<>();
  private final List<Scan> scans = new ArrayList<>();
  private final MatchSpans found = new MatchSpans();

  /** The bytes that do not occur in any of the forms in which the secrets are searched. */
  private final boolean[] between = new boolean[256];

  /** The length of the longest form in which a secret may be written, in bytes. */
  private int longest;

  private int shortest = Integer.MAX_VALUE;
  private boolean foundInText;
  private final PendingTail held = new PendingTail();

  /**
   * @param inError whether the text is an error answer. If true, secrets are also found if they are
   *     written with any of the escape sequences that {@link MixedEscapes} knows, and every word
   *     that looks like a shortened key is replaced
   */
  public Redactor(boolean inError) {
    this.inError = inError;
    for (int value = 0; value < between.length; value++) {
      boolean visible = value > ' ' && value < 0x7f;
      between[value] = visible ? BETWEEN_WORDS.indexOf(value) >= 0 : value < 0x80 || !inError;
    }
  }

  /**
   * Searches for a secret.
   *
   * @param secret the secret, which consists of at least one byte of ASCII. The caller must not use
   *     the array any more; this object wipes it at the end
   */
  public void add(byte[] secret) {
    Pattern pattern = new Pattern(secret);
    patterns.add(pattern);
    scans.add(new PlainScan(pattern));
    addEscaped(pattern, Escapes.json());
    addEscaped(pattern, Escapes.percent());
    if (inError) {
      addEscaped(pattern, new MixedEscapes());
      addShortened();
    }
    shortest = Math.min(shortest, secret.length);
    for (byte part : secret) {
      between[part & 0xff] = false;
    }
  }

  private void addEscaped(Pattern pattern, Decoding escapes) {
    scans.add(new EscapedScan(pattern, escapes));
    longest = Math.max(longest, pattern.length() * escapes.longest());
  }

  private void addShortened() {
    if (patterns.size() == 1) {
      scans.add(new ShortenedKeyScan());
      for (int value = 0; value < between.length; value++) {
        between[value] &= ShortenedKeyScan.isOutside((byte) value);
      }
      longest = Math.max(longest, ShortenedKeyScan.LONGEST + 1);
      shortest = 1;
    }
  }

  /**
   * @param chunk the next chunk of the text; from now on, the callee has to release it, and may
   *     change its content
   * @return the part of the text that may be forwarded now, which may be empty; the receiver has to
   *     release it
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
   * Returns how many of the last bytes of a text may be the beginning of a secret.
   *
   * @param before how many bytes before {@code from} were kept back; all these bytes are part of
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

  /** Returns the bytes that were kept back. Called when the text is complete. */
  public ByteBuf end() {
    ByteBuf text = held.takeAll();
    for (Scan scan : scans) {
      scan.end(text.writerIndex(), found);
    }
    found.mask(text);
    return text;
  }

  /**
   * Redacts a complete text, such as the value of a header. Must not be called while a body is
   * being redacted with this object.
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
   * Whether a complete text, such as a header's name, contains a secret. Must not be called while a
   * body is being redacted with this object.
   */
  public boolean finds(CharSequence text) {
    return text.length() >= shortest && !whole(text.toString()).contentEquals(text);
  }

  /**
   * Searches the next part of a text that is completely in memory. The text is not changed. Must
   * not be called while a body is being redacted with this object.
   *
   * @param last whether this is the last part
   * @return whether a secret ends in this part
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

  /** Whether {@link #whole} has found a secret so far. */
  public boolean hasFoundInText() {
    return foundInText;
  }

  @Override
  public void close() {
    patterns.forEach(Pattern::wipe);
    held.close();
  }
}
