package io.claviger.domain.accounts;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** The reason why an access token is refused although the token itself is valid. */
public enum TokenBar {
  /**
   * The user is suspended. Signing in ends the suspension unless SCIM suspended the user. Only SCIM
   * or an administrator can end a suspension by SCIM.
   */
  USER_SUSPENDED(
      "The user of this access token is suspended. Sign in again with the identity provider, or ask"
          + " an administrator."),
  SIGN_IN_REQUIRED("The last sign-in of this access token's user was too long ago. Sign in again."),
  /**
   * The token is bound to networks that do not contain the caller's address, or to a certificate
   * that the caller did not show.
   */
  TOKEN_BOUND(
      "This access token is bound to other networks or to a certificate, and is not accepted from"
          + " here. The token's owner has been notified.");

  private final String sentence;

  TokenBar(String sentence) {
    this.sentence = sentence;
  }

  /**
   * Returns the reason why the user's tokens are refused now; empty if the tokens are accepted.
   *
   * @param suspendedAt the time since which the user is suspended; empty if the user is not
   *     suspended
   * @param signInDueAt the time from which the user's tokens are refused until the next sign-in;
   *     empty if no sign-in will be required
   */
  public static Optional<TokenBar> of(
      Optional<Instant> suspendedAt, Optional<Instant> signInDueAt, Instant now) {
    if (suspendedAt.isPresent()) {
      return Optional.of(USER_SUSPENDED);
    }
    return signInDueAt.filter(due -> !now.isBefore(due)).map(due -> SIGN_IN_REQUIRED);
  }

  /** Returns the stable code for programs. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns a sentence that tells people what to do about the refusal. */
  public String sentence() {
    return sentence;
  }
}
