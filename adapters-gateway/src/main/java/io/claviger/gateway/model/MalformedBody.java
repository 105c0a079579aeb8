package io.claviger.gateway.model;

/**
 * Thrown if a JSON body is not exactly one text in strict UTF-8, or is nested too deeply, and if readers could divide a form into different parts.
 */
final class MalformedBody extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedBody(String why) {
    super(why, null, false, false);
  }
}
