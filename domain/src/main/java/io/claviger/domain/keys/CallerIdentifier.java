package io.claviger.domain.keys;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.User;
import java.util.regex.Pattern;

/**
 * The identifier by which a provider distinguishes callers: {@code clv_}, 24 characters that depend
 * only on the user, and 16 characters that depend on the user and on the value that the caller
 * sent. The first 24 characters let the owner of a service find the user. The last 16 characters
 * distinguish the people who use the caller's own program.
 *
 * @param value the whole identifier
 */
public record CallerIdentifier(String value) {
  private static final String BEGINNING = "clv_";
  private static final int OF_USER = 24;
  private static final int OF_VALUE = 16;
  private static final Pattern SHAPE = Pattern.compile(BEGINNING + "[A-Za-z0-9_-]{40}");

  /**
   * @throws InvalidValue if the text is not such an identifier
   */
  public CallerIdentifier {
    if (!SHAPE.matcher(value).matches()) {
      throw new InvalidValue("identifier", "clv_ and 40 letters, digits, underscores or hyphens");
    }
  }

  /** Returns the identifier of a user for calls in which the caller sent no value. */
  static String of(Secret key, User.Id user) {
    return BEGINNING
        + ofUser(key, user)
        + NamingKey.name(key, NamingKey.Purpose.VALUE, user).substring(0, OF_VALUE);
  }

  /** Returns the identifier of a user for calls in which the caller sent the given value. */
  static String of(Secret key, User.Id user, String value) {
    return BEGINNING
        + ofUser(key, user)
        + NamingKey.name(key, NamingKey.Purpose.VALUE, user, value).substring(0, OF_VALUE);
  }

  private static String ofUser(Secret key, User.Id user) {
    return NamingKey.name(key, NamingKey.Purpose.USER, user).substring(0, OF_USER);
  }

  /** Whether this identifier was derived from the given user and the given naming key. */
  public boolean isOf(Secret key, User.Id user) {
    return value.startsWith(ofUser(key, user), BEGINNING.length());
  }
}
