package io.claviger.gateway.model;

/**
 * Receives the events of a {@link JsonScanner}, in the order in which the document contains them.
 */
interface JsonEvents {
  /** Called when an array or an object begins. */
  void opened(boolean array);

  /** Called when the innermost array or object ends. */
  void closed();

  /**
   * Called when a member of the innermost object begins, before the events of the member's value.
   */
  void name(ScannedText name);

  /** Whether the receiver wants the text of the next string value. */
  boolean wantsText();

  /** Whether the receiver wants the next string value in pieces, without a limit on its length. */
  default boolean wantsPieces() {
    return false;
  }

  /**
   * Called with the next bytes of a string value. Each byte is an ASCII character that was not
   * escaped.
   */
  default void piece(byte[] bytes, int from, int to) {
    // Only receivers that want strings in pieces override this method.
  }

  /**
   * Called with the next character of a string value. The character was escaped or is not ASCII.
   */
  default void piece(int character) {
    // Only receivers that want strings in pieces override this method.
  }

  /** Called with the text of a string if {@link #wantsText} returned true. */
  void text(ScannedText text);

  /**
   * Called for every other value: a number, a literal, or a string whose text the receiver did not
   * want.
   */
  void other();

  default void number(ScannedNumber number) {
    other();
  }

  /** Called for a literal: {@code true}, {@code false} or {@code null}. */
  default void literal(String literal) {
    other();
  }
}
