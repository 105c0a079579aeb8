package io.claviger.gateway.model;

/**
 * Thrown for malformed bodies. A JSON body is malformed if it is not exactly one JSON text in
 * strict UTF-8, or if it is nested too deeply. A multipart form is malformed if readers could
 * divide it into different parts.
 */
final class MalformedBody extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedBody(String why) {
    super(why, null, false, false);
  }
}
