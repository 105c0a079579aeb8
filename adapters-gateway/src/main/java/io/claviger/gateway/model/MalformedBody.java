package io.claviger.gateway.model;

/**
 * Thrown for malformed bodies. JSON is malformed if it is not exactly one JSON text in strict
 * UTF-8, or if it is nested too deeply. A multipart form is malformed if parsers could divide it
 * differently.
 */
final class MalformedBody extends RuntimeException {
  MalformedBody(String why) {
    super(why, null, false, false);
  }
}
