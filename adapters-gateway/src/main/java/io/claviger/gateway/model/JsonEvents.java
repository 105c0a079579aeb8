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
   * Called when a member of the innermost object begins. The events of the value of the member
   * follow.
   */
  void name(ScannedText name);

  /** Whether the receiver wants the text of the string value that begins now. */
  boolean wantsText();

  /**
   * Whether the receiver wants the string value that begins now piece by piece, however long it is.
   */
  default boolean wantsPieces() {
    return false;
  }

  /**
   * Called with the next bytes of a string value. Each of these bytes is one ASCII character that
   * was not escaped.
   */
  default void piece(byte[] bytes, int from, int to) {
    // Only receivers that want pieces read them.
  }

  /**
   * Called with the next character of a string value. This character was escaped, or is not an
   * ASCII character.
   */
  default void piece(int character) {
    // Only receivers that want pieces read them.
  }

  /** Called with the text of a string for which the receiver wanted the text. */
  void text(ScannedText text);

  /**
   * Called for every other value: a number, a literal, or a string for which the receiver did not
   * want the text.
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
