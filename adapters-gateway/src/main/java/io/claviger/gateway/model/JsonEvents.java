package io.claviger.gateway.model;

/** Receives what a {@link JsonScanner} finds, in the order of the document. */
interface JsonEvents {
  /** An array begins, or an object. */
  void opened(boolean array);

  /** The innermost array or object ends. */
  void closed();

  /** A member of the innermost object begins; its value follows. */
  void name(ScannedText name);

  /** Whether the text of the string value that begins now is wanted. */
  boolean wantsText();

  /** A string that was wanted. */
  void text(ScannedText text);

  /** A value that is none of these: a number, a literal, or a string that was not wanted. */
  void other();

  /** A number. */
  default void number(ScannedNumber number) {
    other();
  }

  /** A literal: {@code true}, {@code false} or {@code null}. */
  default void literal(String literal) {
    other();
  }
}
