package io.claviger.gateway.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the member {@code include} of a request for a response. By adding a value to this member,
 * the gateway can request that the response contains its reasoning. If the provider does not store
 * responses, the client has to send their reasoning back in later requests.
 */
final class IncludeMember {
  static final String NAME = "include";

  /** The value that requests the reasoning in a form that the client can send back. */
  private static final String REASONING = "\"reasoning.encrypted_content\"";

  private int count;
  private boolean isNext;
  private boolean isInside;
  private long arrayAt = -1;
  private boolean isEmpty = true;
  private boolean hasReasoning;
  private BodyEdits.@Nullable Edit instead;

  /** Called at the beginning of a top-level member. */
  void member(boolean isThis) {
    isNext = isThis;
    count += isThis ? 1 : 0;
  }

  /**
   * Called at the beginning of an array or object.
   *
   * @return whether the array or object is the value of {@code include}
   */
  boolean opened(boolean array, long position) {
    boolean isValue = isNext;
    if (isValue) {
      isInside = array;
      arrayAt = array ? position : -1;
    } else {
      isEmpty &= !isInside;
    }
    isNext = false;
    return isValue;
  }

  /**
   * @param depth the remaining depth after the end of the array or object
   */
  void closed(int depth) {
    isInside &= depth > 1;
  }

  boolean isElement(int depth) {
    return isInside && depth == 2;
  }

  void element(ScannedText text) {
    isEmpty = false;
    hasReasoning |= !text.isLonger() && ('"' + text.toString() + '"').equals(REASONING);
  }

  /**
   * Called after a literal.
   *
   * @param end the position after the literal
   * @return whether the literal is {@code null}, as the value of {@code include}
   */
  boolean literal(String literal, long end) {
    boolean isNull = isNext && literal.equals("null");
    if (isNull) {
      instead = new BodyEdits.Edit(end - literal.length(), literal.length(), "[" + REASONING + "]");
    }
    value();
    return isNull;
  }

  /** Called after a string, a number or a literal. */
  void value() {
    isEmpty &= !isInside;
    isNext = false;
  }

  /** Whether the body does not request the reasoning, but the gateway can add the request. */
  boolean canAsk() {
    return !hasReasoning && count <= 1 && (count == 0 || arrayAt >= 0 || instead != null);
  }

  /**
   * Whether the caller's own {@code include} requests other parts of the answer. The provider might
   * have refused such other parts, and not the reasoning.
   */
  boolean requestsMore() {
    return arrayAt >= 0 && !isEmpty;
  }

  /**
   * Requests the reasoning.
   *
   * @return the value of a new member {@code include}; null if the body already has the member
   */
  @Nullable String ask(List<BodyEdits.Edit> edits) {
    if (arrayAt >= 0) {
      edits.add(new BodyEdits.Edit(arrayAt + 1, 0, REASONING + (isEmpty ? "" : ",")));
    } else if (instead != null) {
      edits.add(instead);
    } else {
      return "[" + REASONING + "]";
    }
    return null;
  }
}
