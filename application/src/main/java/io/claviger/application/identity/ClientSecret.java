package io.claviger.application.identity;

import java.util.function.Function;

/**
 * The secret with which Claviger identifies itself to the OpenID provider. Printing it reveals
 * nothing; {@link #lend} is the only access.
 */
public final class ClientSecret {
  private final String text;

  private ClientSecret(String text) {
    this.text = text;
  }

  public static ClientSecret of(String text) {
    return new ClientSecret(text);
  }

  /** Lends the text to what sends it to the provider. */
  public <T> T lend(Function<String, T> borrower) {
    return borrower.apply(text);
  }

  @Override
  public String toString() {
    return "ClientSecret[hidden]";
  }
}
