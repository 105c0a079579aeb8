package io.claviger.gateway.model;

/** Receives the events of a {@link JsonScanner}, in the order of the document. */
interface JsonEvents {
  /** Called when an array or an object begins. */
  void opened(boolean array);

  /** Called when the innermost array or object ends. */
  void closed();

  /** Called when a member of the innermost object begins; its value follows. */
  void name(ScannedText name);

  /** Whether the receiver wants the text of the string value that begins now. */
  boolean wantsText();

  /**
   * Whether the receiver wants the string value that begins now piece by piece, however long it is.
   */
  default boolean wantsPieces() {
    return false;
  }

  /** Called with the next bytes of a string value, each of which is a character of plain ASCII. */
  default void piece(byte[] bytes, int from, int to) {
    // Only who wants pieces reads them.
  }

  /** Called with the next character of a string value, which was escaped or is not plain ASCII. */
  default void piece(int character) {
    // Only who wants pieces reads them.
  }

  /** Called with the text of a string that was wanted. */
  void text(ScannedText text);

  /** Called for every other value: a number, a literal, or a string that was not wanted. */
  void other();

  default void number(ScannedNumber number) {
    other();
  }

  /** A literal: {@code true}, {@code false} or {@code null}. */
  default void literal(String literal) {
    other();
  }
}
