package io.claviger.domain.accounts;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Why access tokens are refused, though they are valid themselves. */
public enum TokenBar {
  /** The identity provider no longer knows the user. A sign-in ends the suspension. */
  USER_SUSPENDED("The user of this access token is suspended. Sign in again to lift that."),
  SIGN_IN_REQUIRED("The last sign-in of this access token's user was too long ago. Sign in again."),
  /** Presented from another network, or without the certificate, that it is bound to. */
  TOKEN_BOUND(
      "This access token is bound to other networks or to a certificate, and is not accepted from"
          + " here. Its owner has been told.");

  private final String sentence;

  TokenBar(String sentence) {
    this.sentence = sentence;
  }

  /**
   * Returns the bar of a user that is in force now.
   *
   * @param suspendedAt since when the user is suspended
   * @param signInDueAt when the user's tokens begin to be refused until a sign-in
   */
  public static Optional<TokenBar> of(
      Optional<Instant> suspendedAt, Optional<Instant> signInDueAt, Instant now) {
    if (suspendedAt.isPresent()) {
      return Optional.of(USER_SUSPENDED);
    }
    return signInDueAt.filter(due -> !now.isBefore(due)).map(due -> SIGN_IN_REQUIRED);
  }

  /** The stable code for programs. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A sentence that says what people can do about it. */
  public String sentence() {
    return sentence;
  }
}
