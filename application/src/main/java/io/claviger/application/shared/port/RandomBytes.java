package io.claviger.application.shared.port;

/** Provides random bytes from a cryptographically secure source. */
public interface RandomBytes {
  byte[] next(int count);
}
