package io.claviger.domain.policy;

import io.claviger.domain.WireNamed;
import java.util.Locale;

/** Why there is no key for a call. */
public enum NoKeyReason implements WireNamed {
  /** The caller is an administrator without a share, who sees the service but has no role on it. */
  NOT_PERMITTED("You may see this service but not use it. Its owner can share it with you."),
  DISABLED("This service is disabled. Its owner or a writer can enable it."),
  USER_API_KEY_REQUIRED(
      "This service asks for your own API key, and you have stored none. Store your key on the"
          + " service's page in the console, or with"
          + " PUT /v1/llm-services/{owner}/{handle}/user-key."),
  MISSING_API_KEY("This service has no API key. Its owner has to set one."),
  /** A stored key, credential or header can't be decrypted. No other key is used instead. */
  KEY_UNUSABLE(
      "A stored key, credential or header of this service can't be decrypted. The person who stored"
          + " it has to store it again."),
  /** The credential has no secret, and the owner has not confirmed the destination of its calls. */
  CREDENTIAL_UNCONFIRMED(
      "The destination of this service's credential has changed. The service's owner has to confirm"
          + " the new destination.");

  private final String wireName = name().toLowerCase(Locale.ROOT);
  private final String message;

  NoKeyReason(String message) {
    this.message = message;
  }

  /** The stored and shown name, such as {@code missing_api_key}. */
  @Override
  public String wireName() {
    return wireName;
  }

  /** Returns the reason, and what helps. */
  public String message() {
    return message;
  }
}
