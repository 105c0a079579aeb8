package io.claviger.gateway.model;

import io.claviger.domain.formats.ObjectPlace;
import io.claviger.domain.formats.ObjectPlace.Meaning;

/**
 * Removes members that the gateway must not send to the provider. The comma before a removed member
 * is removed, too. If the member is the first member of its object, the comma behind the member is
 * removed instead.
 */
final class LeftOutMembers {
  /** The greatest depth of an object whose members can be removed. */
  private static final int DEEPEST = 8;

  private static final int NONE = -1;
  private static final long UNKNOWN = -1;

  private final FoundReferences found;

  /** For each depth, the end of the last value in the object at this depth. */
  private final long[] lastEnd = new long[DEEPEST + 1];

  /**
   * The depth of the object whose current member has to be removed; -1 if no member has to be
   * removed.
   */
  private int depthOfMember = NONE;

  /** The position of the first byte to remove. */
  private long from;

  /** The end of the first member's value, if that member is removed. */
  private long endOfFirst = UNKNOWN;

  LeftOutMembers(FoundReferences found) {
    this.found = found;
  }

  void opened(int depth) {
    if (depth <= DEEPEST) {
      lastEnd[depth] = UNKNOWN;
    }
  }

  /**
   * @param begin the position of the opening quote of the member's name
   */
  void name(ObjectPlace place, int depth, long begin) {
    if (endOfFirst != UNKNOWN) {
      remove(begin);
      lastEnd[depth] = UNKNOWN; // this member is now the first member
    }
    if (place.meaning() != Meaning.LEFT_OUT) {
      return;
    }
    found.demand(depth <= DEEPEST);
    if (depth <= DEEPEST) {
      depthOfMember = depth;
      from = lastEnd[depth] == UNKNOWN ? begin : lastEnd[depth];
    }
  }

  /**
   * @param end the position after the value
   */
  void valueEnded(int depth, long end) {
    if (depth > DEEPEST) {
      return;
    }
    if (depth == depthOfMember) {
      if (lastEnd[depth] == UNKNOWN) {
        endOfFirst = end;
      } else {
        remove(end);
      }
      depthOfMember = NONE;
    }
    lastEnd[depth] = end;
  }

  void closed(int depth) {
    if (endOfFirst != UNKNOWN && depth <= DEEPEST) {
      remove(endOfFirst);
      if (depth == 1) {
        found.nothingRemains();
      }
    }
  }

  private void remove(long to) {
    found.leftOut(new BodyEdits.Edit(from, to - from, ""));
    endOfFirst = UNKNOWN;
  }
}
