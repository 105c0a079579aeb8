package io.claviger.domain.webhooks;

import io.claviger.domain.InvalidValue;
import java.util.Arrays;
import java.util.Locale;

/** The reason why a message could not be delivered. Nothing else about the answer is revealed. */
public enum DeliveryFailure {
  /** Claviger may not connect to the addresses of the host. */
  ADDRESS_NOT_ALLOWED,
  /** The host was not found, refused the connection, or has no trusted certificate. */
  UNREACHABLE,
  /** No answer began in time. */
  TIMED_OUT,
  /** The answer's status was not a success. Redirects are not followed. */
  REJECTED,
  /** The stored secret could not be decrypted, so the message could not be signed. */
  SECRET_UNUSABLE;

  /** The name in JSON and in the database. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Finds the failure with this name, or throws {@link InvalidValue}. */
  public static DeliveryFailure of(String wireName) {
    return Arrays.stream(values())
        .filter(failure -> failure.wireName().equals(wireName))
        .findFirst()
        .orElseThrow(() -> new InvalidValue("failure", "a known failure"));
  }
}
