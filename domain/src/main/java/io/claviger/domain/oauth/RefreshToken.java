package io.claviger.domain.oauth;

import io.claviger.domain.accounts.TokenHash;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A refresh token: {@code clvr_}, the 22 characters of its family, and 43 characters that are new
 * in each token. All refresh tokens of one device sign-in have the same family. The family and the
 * rest of the token are random. Replaced tokens are recognized without being stored: if the family
 * of a token is known, but the token is not the family's current token, it was replaced. {@link
 * #toString} hides the text.
 */
public final class RefreshToken extends SecretText {
  private static final String PREFIX = "clvr_";
  private static final int FAMILY_END = PREFIX.length() + 22;
  private static final Pattern SHAPE = Pattern.compile(PREFIX + "[0-9A-Za-z_-]{65}");

  /** The number of random bytes in a family. */
  public static final int FAMILY_BYTES = 16;

  /** The number of random bytes in each token of a family. */
  public static final int RANDOM_BYTES = 32;

  private RefreshToken(String text) {
    super(text);
  }

  /**
   * Reads a text that somebody presented. Returns empty if it does not have the form of a refresh
   * token.
   */
  public static Optional<RefreshToken> presented(String text) {
    return SHAPE.matcher(text).matches() ? Optional.of(new RefreshToken(text)) : Optional.empty();
  }

  /**
   * Creates the first token of a new family.
   *
   * @param family as many random bytes as {@link #FAMILY_BYTES} states
   * @param random as many random bytes as {@link #RANDOM_BYTES} states
   */
  public static RefreshToken first(byte[] family, byte[] random) {
    return new RefreshToken(PREFIX + base64(family, FAMILY_BYTES) + base64(random, RANDOM_BYTES));
  }

  /**
   * Creates the token that replaces this token.
   *
   * @param random as many random bytes as {@link #RANDOM_BYTES} states
   */
  public RefreshToken next(byte[] random) {
    return new RefreshToken(text.substring(0, FAMILY_END) + base64(random, RANDOM_BYTES));
  }

  /** Returns the hash by which the family is stored. */
  public TokenHash familyHash() {
    return hash(text.substring(0, FAMILY_END));
  }
}
