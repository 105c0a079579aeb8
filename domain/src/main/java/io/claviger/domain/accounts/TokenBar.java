package io.claviger.domain.accounts;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** The reason why an access token is refused although it is valid itself. */
public enum TokenBar {
  /**
   * The user is suspended. Signing in ends the suspension unless it is one by SCIM, which only SCIM
   * or an administrator ends.
   */
  USER_SUSPENDED(
      "The user of this access token is suspended. Sign in again with the identity provider, or ask"
          + " an administrator."),
  SIGN_IN_REQUIRED("The last sign-in of this access token's user was too long ago. Sign in again."),
  /** The token is bound to other networks, or to a certificate that the caller did not show. */
  TOKEN_BOUND(
      "This access token is bound to other networks or to a certificate, and is not accepted from"
          + " here. Its owner has been told.");

  private final String sentence;

  TokenBar(String sentence) {
    this.sentence = sentence;
  }

  /**
   * Returns the reason why the user's tokens are refused now; empty if they are not.
   *
   * @param suspendedAt the time since which the user is suspended; empty if the user is not
   * @param signInDueAt the time from which the user's tokens are refused until the next sign-in;
   *     empty if there is none
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

  /** A sentence that tells people what to do about it. */
  public String sentence() {
    return sentence;
  }
}
