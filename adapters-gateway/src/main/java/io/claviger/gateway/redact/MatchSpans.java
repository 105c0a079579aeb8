package io.claviger.gateway.redact;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The positions of the secrets that scans have found in a text. The secrets are masked only after
 * all scans, because the findings of different scans might overlap.
 *
 * <p>Adjacent spans are merged. A scan reports its spans in the order of their ends. So the spans
 * of one scan never overlap after the merging. After n scans of a text, masking takes at most n
 * steps per byte.
 */
final class MatchSpans {
  private static final byte[] ASTERISKS = "*".repeat(64).getBytes(US_ASCII);

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

  /** Replaces all spans with asterisks and forgets the spans. */
  void mask(ByteBuf text) {
    for (int i = 0; i < count; i += 2) {
      for (int at = bounds[i]; at < bounds[i + 1]; at += ASTERISKS.length) {
        text.setBytes(at, ASTERISKS, 0, Math.min(bounds[i + 1] - at, ASTERISKS.length));
      }
    }
    forget();
  }

  void forget() {
    count = 0;
  }
}
