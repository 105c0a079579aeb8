package io.claviger.application.shared.port;

/** Random bytes from a cryptographically secure source. */
public interface RandomBytes {
  byte[] next(int count);
}
