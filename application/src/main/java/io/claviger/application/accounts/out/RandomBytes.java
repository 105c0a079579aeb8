package io.claviger.application.accounts.out;

/** Random bytes from a cryptographically strong source. */
public interface RandomBytes {
  byte[] next(int count);
}
