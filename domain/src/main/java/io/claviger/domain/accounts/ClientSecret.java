package io.claviger.domain.accounts;

import java.util.Optional;

/**
 * A secret with which one WebSocket can be opened: {@code ek_}, as OpenAI's clients expect, and
 * what looks like an access token but is none. {@link #toString} hides it.
 */
public final class ClientSecret {
  private static final String PREFIX = "ek_";

  private final TokenText whole;

  private ClientSecret(TokenText whole) {
    this.whole = whole;
  }

  /** Returns what a caller presented as a token, if it looks like a secret for a WebSocket. */
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
   * @param random as many random bytes as {@link TokenText#of} needs
   */
  public static ClientSecret of(byte[] random) {
    return new ClientSecret(TokenText.presented(PREFIX + TokenText.of(random).reveal()));
  }

  /** The hash by which it is stored and found. */
  public TokenHash hash() {
    return whole.hash();
  }

  /** The secret as it was presented, in the place of a token. */
  public TokenText asToken() {
    return whole;
  }

  /** Returns the text, to show it for the first and last time. */
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
