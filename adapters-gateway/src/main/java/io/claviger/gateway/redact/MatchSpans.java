package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The places in a text at which secrets were found. The places are masked only when all scans of
 * the text are done, because places that different scans find may overlap.
 *
 * <p>A span that touches the previous span is joined with it. A scan reports its spans in the order
 * of their ends, so here the spans of the same scan never overlap. If n scans search a text,
 * masking all spans takes at most n steps for each byte of the text.
 */
final class MatchSpans {
  private int[] bounds = new int[8];
  private int count;

  void add(int from, int to) {
    int start = from;
    int end = to;
    while (count > 0 && touchesLast(start, end)) {
      end = Math.max(end, bounds[--count]);
      start = Math.min(start, bounds[--count]);
    }
    if (count == bounds.length) {
      bounds = Arrays.copyOf(bounds, bounds.length * 2);
    }
    bounds[count++] = start;
    bounds[count++] = end;
  }

  private boolean touchesLast(int from, int to) {
    return from <= bounds[count - 1] && to >= bounds[count - 2];
  }

  boolean any() {
    return count > 0;
  }

  /** Overwrites all spans of the text with asterisks and forgets the spans. */
  void mask(ByteBuf text) {
    for (int i = 0; i < count; i += 2) {
      for (int at = bounds[i]; at < bounds[i + 1]; at++) {
        text.setByte(at, '*');
      }
    }
    forget();
  }

  void forget() {
    count = 0;
  }
}
