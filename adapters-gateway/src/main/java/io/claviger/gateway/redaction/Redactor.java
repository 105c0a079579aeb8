package io.claviger.gateway.redaction;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts asterisks in the place of secrets in bytes that stream by, as many as the secret took, so
 * that lengths stay true. Secrets are found as they are, with characters escaped as JSON or percent
 * encoding do, and across the borders of chunks. Held back is no more than what may be the first
 * part of an occurrence.
 */
public final class Redactor implements AutoCloseable {
  private final List<Pattern> patterns = new ArrayList<>();
  private final List<Scan> scans = new ArrayList<>();
  private final Spans found = new Spans();
  private int shortest = Integer.MAX_VALUE;
  private boolean foundInText;
  private @Nullable ByteBuf held;

  /**
   * A secret to look for.
   *
   * @param secret taken over, and wiped in the end
   */
  public void add(byte[] secret) {
    Pattern pattern = remembered(secret);
    scans.add(new PlainScan(pattern));
    scans.add(new EscapedScan(pattern, Escapes.json()));
    scans.add(new EscapedScan(pattern, Escapes.percent()));
  }

  /**
   * Looks for this secret's beginnings and endings too.
   *
   * @param secret taken over, and wiped in the end
   */
  public void addEdges(byte[] secret) {
    scans.add(new EdgeScan(remembered(secret)));
    byte[] escaped = JsonForm.of(secret);
    if (escaped.length > secret.length) {
      scans.add(new EdgeScan(remembered(escaped)));
    }
    shortest = 4;
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
    int before = held == null ? 0 : held.readableBytes();
    ByteBuf text = joined(chunk);
    int from = text.readerIndex() + before;
    int keep = 0;
    for (Scan scan : scans) {
      scan.scan(text, from, text.writerIndex(), found);
      keep = Math.max(keep, scan.held());
    }
    if (keep > 0) {
      hold(text, keep);
    }
    blotAll(text);
    return keep > 0 ? text.writerIndex(text.writerIndex() - keep) : text;
  }

  /** What was held back, now that nothing more comes. */
  public ByteBuf end() {
    ByteBuf text = held == null ? Unpooled.EMPTY_BUFFER : held;
    held = null;
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
    releaseHeld();
  }

  private ByteBuf joined(ByteBuf chunk) {
    ByteBuf before = held;
    if (before == null) {
      return chunk.isReadOnly() ? copied(chunk) : chunk;
    }
    ByteBuf all = chunk.alloc().ioBuffer(before.readableBytes() + chunk.readableBytes());
    all.writeBytes(before, before.readerIndex(), before.readableBytes()).writeBytes(chunk);
    chunk.release();
    releaseHeld();
    return all;
  }

  private static ByteBuf copied(ByteBuf chunk) {
    ByteBuf copy = chunk.copy();
    chunk.release();
    return copy;
  }

  /** A copy, since the rest of the text goes on; with what is found blotted in both. */
  private void hold(ByteBuf text, int keep) {
    held = text.alloc().heapBuffer(keep).writeBytes(text, text.writerIndex() - keep, keep);
  }

  private void blotAll(ByteBuf text) {
    ByteBuf kept = held;
    found.blot(text);
    if (kept != null) {
      kept.setBytes(0, text, text.writerIndex() - kept.writerIndex(), kept.writerIndex());
    }
  }

  private void releaseHeld() {
    if (held != null) {
      held.setZero(0, held.capacity()).release();
      held = null;
    }
  }
}
