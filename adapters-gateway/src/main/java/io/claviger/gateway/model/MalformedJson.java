package io.claviger.gateway.model;

/** Bytes are not one JSON text in strict UTF-8, or are nested too deep. */
final class MalformedJson extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedJson(String why) {
    super(why, null, false, false);
  }
}
