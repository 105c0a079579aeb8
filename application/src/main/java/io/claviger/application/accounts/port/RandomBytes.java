package io.claviger.application.accounts.port;

/** Random bytes from a cryptographically strong source. */
public interface RandomBytes {
  byte[] next(int count);
}
