package io.claviger.gateway.redaction;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** Where something was found. Applied only after all have searched: they may overlap. */
final class Spans {
  private int[] ends = new int[8];
  private int count;

  void add(int from, int to) {
    if (count + 2 > ends.length) {
      ends = Arrays.copyOf(ends, ends.length * 2);
    }
    ends[count++] = from;
    ends[count++] = to;
  }

  boolean any() {
    return count > 0;
  }

  /** Writes asterisks over all of them and forgets them. */
  void blot(ByteBuf text) {
    for (int i = 0; i < count; i += 2) {
      for (int at = ends[i]; at < ends[i + 1]; at++) {
        text.setByte(at, '*');
      }
    }
    count = 0;
  }
}
