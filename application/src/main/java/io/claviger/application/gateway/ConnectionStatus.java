package io.claviger.application.gateway;

import java.util.Locale;

/** What a connection check found. */
public enum ConnectionStatus {
  /** The provider answered, and took the key. */
  OK,
  /** The provider answered that the key is not valid or not allowed to. */
  UNAUTHORIZED,
  /** No connection: no such name, refused, a certificate that does not match, not allowed. */
  UNREACHABLE,
  /** No answer in time. */
  TIMEOUT,
  /** Any other answer. */
  ERROR,
  /** A call would find no key, so none was made. */
  NO_KEY;

  /** As it stands in JSON: {@code no_key}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
