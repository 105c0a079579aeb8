package io.claviger.application.gateway.port;

import io.claviger.domain.WireNamed;

/** The result of a connection check. */
public enum ConnectionStatus implements WireNamed {
  /** The provider answered and accepted the key. */
  OK,
  /** The provider answered that the key is invalid or lacks permission. */
  UNAUTHORIZED,
  /**
   * No connection was opened, because the name is unknown, the connection was refused, the
   * certificate does not match, or the destination is not allowed.
   */
  UNREACHABLE,
  TIMEOUT,
  /** The provider gave an answer to which no other constant applies. */
  ERROR,
  /** The provider was not called, because no key is available for a call. */
  NO_KEY
}
