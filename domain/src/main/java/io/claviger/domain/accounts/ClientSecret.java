package io.claviger.domain.accounts;

import java.util.Optional;

/**
 * A secret with which a caller can open one WebSocket. The secret begins with {@code ek_}, as
 * OpenAI's clients expect. What follows has the form of an access token, but is not an access
 * token. {@link #toString} hides the secret.
 */
public final class ClientSecret {
  private static final String PREFIX = "ek_";

  private final TokenText whole;

  private ClientSecret(TokenText whole) {
    this.whole = whole;
  }

  /** Reads a text that a caller presented as a token; empty if the text can't be such a secret. */
  public static Optional<ClientSecret> presented(TokenText token) {
    String text = token.reveal();
    return text.startsWith(PREFIX)
            && TokenText.presented(text.substring(PREFIX.length())).isWellFormed()
        ? Optional.of(new ClientSecret(token))
        : Optional.empty();
  }

  /**
   * Creates a new secret.
   *
   * @param random random bytes, at least as many as {@link TokenText#of} needs
   */
  public static ClientSecret of(byte[] random) {
    return new ClientSecret(TokenText.presented(PREFIX + TokenText.of(random).reveal()));
  }

  /** Returns the hash by which the secret is stored and found. */
  public TokenHash hash() {
    return whole.hash();
  }

  /**
   * Returns the presented secret as a {@code TokenText}, the type of all tokens that callers
   * present.
   */
  public TokenText asToken() {
    return whole;
  }

  /** Returns the secret's text, which is shown only once. */
  public String reveal() {
    return whole.reveal();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClientSecret that && whole.equals(that.whole);
  }

  @Override
  public int hashCode() {
    return whole.hashCode();
  }

  @Override
  public String toString() {
    return "ClientSecret[hidden]";
  }
}
