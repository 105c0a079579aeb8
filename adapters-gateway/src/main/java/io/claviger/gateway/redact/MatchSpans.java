package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Where something was found. Applied only after all have searched: they may overlap.
 *
 * <p>A span joins the one before it where they touch. A scan reports its spans by ascending ends,
 * so those of one scan never overlap here, and to write over all takes no more than one step for
 * each byte and scan.
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

  /** Writes asterisks over all of them and forgets them. */
  void blot(ByteBuf text) {
    for (int i = 0; i < count; i += 2) {
      for (int at = bounds[i]; at < bounds[i + 1]; at++) {
        text.setByte(at, '*');
      }
    }
    count = 0;
  }
}
