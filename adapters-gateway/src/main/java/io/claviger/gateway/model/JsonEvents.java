package io.claviger.gateway.model;

/** Receives what a {@link JsonScanner} finds, in the order of the document. */
interface JsonEvents {
  /** An array begins, or an object. */
  void opened(boolean array);

  /** The innermost array or object ends. */
  void closed();

  /** A member of the innermost object begins; its value comes next. */
  void name(ScannedText name);

  /** Whether the text of a string that begins as a value is of interest. */
  boolean wantsText();

  /** A string that was wanted. */
  void text(ScannedText text);

  /** A number, a literal, or a string that was not wanted. */
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
