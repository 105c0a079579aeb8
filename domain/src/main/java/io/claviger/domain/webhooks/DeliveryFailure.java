package io.claviger.domain.webhooks;

import io.claviger.domain.WireNamed;

/**
 * The reason why a message could not be delivered. Claviger shows only this reason, and nothing
 * else of the receiver's answer.
 */
public enum DeliveryFailure implements WireNamed {
  /** Claviger is not allowed to connect to the addresses of the host. */
  ADDRESS_NOT_ALLOWED,
  /** The host was not found, refused the connection, or has no trusted certificate. */
  UNREACHABLE,
  /** The receiver did not begin to answer in time. */
  TIMED_OUT,
  /** The answer's status was not a success. Redirects are not followed. */
  REJECTED,
  /** The stored secret could not be decrypted, so the message could not be signed. */
  SECRET_UNUSABLE
}
