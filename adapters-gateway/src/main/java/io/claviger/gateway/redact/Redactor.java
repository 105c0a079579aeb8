package io.claviger.gateway.redact;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts asterisks in the place of secrets in bytes that stream by, as many as the secret took, so
 * that lengths stay true. Secrets are found as they are, with characters escaped as JSON or percent
 * encoding do, and across the borders of chunks. Held back is no more than what may be the first
 * part of an occurrence. Time and memory are linear in text and secrets, whatever they are.
 */
public final class Redactor implements AutoCloseable {
  private final List<Pattern> patterns = new ArrayList<>();
  private final List<Scan> scans = new ArrayList<>();
  private final MatchSpans found = new MatchSpans();
  private int shortest = Integer.MAX_VALUE;
  private boolean foundInText;
  private final PendingTail held = new PendingTail();

  /**
   * A secret to look for as a whole.
   *
   * @param secret taken over, and wiped in the end
   */
  public void add(byte[] secret) {
    Pattern pattern = remembered(secret);
    scans.add(new PlainScan(pattern));
    addEscaped(pattern);
  }

  /**
   * A secret to look for as a whole, and by its beginnings and endings of eight bytes and more.
   *
   * @param secret taken over, and wiped in the end
   * @param wordEdges whether beginnings and endings of four bytes and more count too, where they
   *     stand at the beginning or end of a word
   */
  public void addKey(byte[] secret, boolean wordEdges) {
    Pattern pattern = remembered(secret);
    addEscaped(pattern);
    addEdges(pattern, wordEdges);
    byte[] escaped = JsonForm.of(secret);
    if (escaped.length > secret.length) {
      addEdges(remembered(escaped), wordEdges);
    }
  }

  private void addEscaped(Pattern pattern) {
    scans.add(new EscapedScan(pattern, Escapes.json()));
    scans.add(new EscapedScan(pattern, Escapes.percent()));
  }

  private void addEdges(Pattern pattern, boolean wordEdges) {
    // A whole occurrence is a beginning too.
    boolean hasEdges = pattern.length() > EdgeScan.SHORTEST;
    scans.add(hasEdges ? new EdgeScan(pattern) : new PlainScan(pattern));
    if (wordEdges) {
      scans.add(new WordEdgeScan(pattern));
      shortest = WordEdgeScan.SHORTEST;
    }
  }

  private Pattern remembered(byte[] secret) {
    Pattern pattern = new Pattern(secret);
    patterns.add(pattern);
    shortest = Math.min(shortest, secret.length);
    return pattern;
  }

  public boolean isIdle() {
    return scans.isEmpty();
  }

  /**
   * @param chunk taken over, and written into
   * @return what may go on, for the receiver to release; perhaps nothing yet
   */
  public ByteBuf pass(ByteBuf chunk) {
    if (scans.isEmpty()) {
      return chunk;
    }
    int before = held.length();
    ByteBuf text = held.joinedWith(chunk);
    int from = text.readerIndex() + before;
    int keep = 0;
    for (Scan scan : scans) {
      scan.scan(text, from, text.writerIndex(), found);
      keep = Math.max(keep, scan.held());
    }
    found.blot(text);
    return held.holdLast(keep, text);
  }

  /** What was held back, now that nothing more comes. */
  public ByteBuf end() {
    ByteBuf text = held.takeAll();
    for (Scan scan : scans) {
      scan.end(text, text.writerIndex(), found);
    }
    found.blot(text);
    return text;
  }

  /** A whole text at once, such as a header's value. Only between bodies. */
  public String whole(String text) {
    if (text.length() < shortest) {
      return text;
    }
    ByteBuf bytes = Unpooled.wrappedBuffer(text.getBytes(ISO_8859_1));
    for (Scan scan : scans) {
      scan.scan(bytes, 0, bytes.writerIndex(), found);
      scan.end(bytes, bytes.writerIndex(), found);
    }
    if (!found.any()) {
      return text;
    }
    foundInText = true;
    found.blot(bytes);
    return bytes.toString(ISO_8859_1);
  }

  /** Whether anything is found in a whole text, such as a header's name. Only between bodies. */
  public boolean finds(CharSequence text) {
    return text.length() >= shortest && !whole(text.toString()).contentEquals(text);
  }

  /** Whether {@link #whole} has found anything yet. */
  public boolean hasFoundInText() {
    return foundInText;
  }

  @Override
  public void close() {
    patterns.forEach(Pattern::wipe);
    scans.forEach(Scan::wipe);
    held.close();
  }
}
