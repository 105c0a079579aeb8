package io.claviger.gateway.model;

/**
 * The bytes are not a single JSON text in strict UTF-8, or it is nested too deeply; or they are not
 * a form that all readers divide into the same parts.
 */
final class MalformedBody extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedBody(String why) {
    super(why, null, false, false);
  }
}
