package io.claviger.application.webhooks;

import java.util.Base64;

/**
 * A new secret in the form in which it is shown to the user a single time. This form is {@code
 * whsec_}, followed by Base64.
 */
public final class IssuedSecret {
  private static final String PREFIX = "whsec_";
  private final String text;

  IssuedSecret(byte[] secret) {
    this.text = PREFIX + Base64.getEncoder().encodeToString(secret);
  }

  /**
   * Returns the secret of the webhook. Whoever has the secret can sign messages in Claviger's name.
   */
  public String text() {
    return text;
  }

  @Override
  public String toString() {
    return "IssuedSecret[hidden]";
  }
}
