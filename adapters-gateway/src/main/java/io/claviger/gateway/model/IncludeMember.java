package io.claviger.gateway.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the member {@code include} of a request for a response. With this member, the gateway can
 * ask the provider to return the reasoning. If the provider does not store a client's responses,
 * the client has to send their reasoning back in later requests.
 */
final class IncludeMember {
  static final String NAME = "include";

  /**
   * A response that includes this value has everything that a client needs to send the reasoning
   * back.
   */
  private static final String REASONING = "\"reasoning.encrypted_content\"";

  private int count;
  private boolean isNext;
  private boolean isInside;
  private long arrayAt = -1;
  private boolean isEmpty = true;
  private boolean hasReasoning;
  private BodyEdits.@Nullable Edit instead;

  /** Called when a member of the outermost object begins. */
  void member(boolean isThis) {
    isNext = isThis;
    count += isThis ? 1 : 0;
  }

  /**
   * Called when an array or object begins.
   *
   * @return whether the array or object is the value of the member {@code include}
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
   * @param depth the depth of nesting that remains after the array or object has ended
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
   * Called when a literal has been read.
   *
   * @param end the position after the literal
   * @return whether the literal is {@code null} and is the value of the member {@code include}
   */
  boolean literal(String literal, long end) {
    boolean isNull = isNext && literal.equals("null");
    if (isNull) {
      instead = new BodyEdits.Edit(end - literal.length(), literal.length(), "[" + REASONING + "]");
    }
    value();
    return isNull;
  }

  /** Called when a string, a number or a literal has been read. */
  void value() {
    isEmpty &= !isInside;
    isNext = false;
  }

  /** Whether the body could request the reasoning but does not request it. */
  boolean canAsk() {
    return !hasReasoning && count <= 1 && (count == 0 || arrayAt >= 0 || instead != null);
  }

  /**
   * Requests the reasoning.
   *
   * @return the value of the member if the member has to be added; null if the request has the
   *     member already
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
