package io.claviger.gateway.model;

/** What a {@link JsonScanner} expects next. */
enum JsonState {
  VALUE,
  VALUE_OR_END,
  NAME,
  NAME_OR_END,
  COLON,
  AFTER_VALUE,
  END,
  STRING,
  ESCAPE,
  HEX,
  CONTINUATION,
  LITERAL,
  MINUS,
  ZERO,
  INTEGER,
  POINT,
  FRACTION,
  EXPONENT,
  EXPONENT_SIGN,
  EXPONENT_DIGITS
}
