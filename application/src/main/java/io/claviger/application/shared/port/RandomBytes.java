package io.claviger.application.shared.port;

/** Random bytes from a cryptographically strong source. */
public interface RandomBytes {
  byte[] next(int count);
}
