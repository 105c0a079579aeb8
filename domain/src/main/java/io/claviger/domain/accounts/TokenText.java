package io.claviger.domain.accounts;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The text of an access token: {@code clv_}, 43 base62 characters, and a checksum. The checksum is
 * the CRC-32 of the 43 characters, written as 6 base62 characters. With the checksum, typing errors
 * and tokens of other systems are recognized without a lookup in the database. The checksum is not
 * a security measure.
 *
 * <p>{@link #toString} hides the text. Only {@link #reveal} returns the text.
 */
public final class TokenText {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  static final String PREFIX = "clv_";
  private static final int BODY = 43;
  private static final int CHECKSUM = 6;

  /**
   * The digest object, which is cloned for each hash, because looking up the algorithm would take
   * as long as computing the hash.
   */
  private static final MessageDigest SHA_256 = sha256();

  private static final Pattern SHAPE = Pattern.compile("clv_[0-9A-Za-z]{49}");

  /**
   * The smallest length of a token that another system issued. The greatest length is {@link
   * #LONGEST_IMPORTED}.
   */
  private static final int SHORTEST_IMPORTED = 8;

  private static final int LONGEST_IMPORTED = 512;

  /** The greatest length of a token that the operator has chosen, which is the longest kind. */
  public static final int LONGEST = 4_096;

  /** The token's text; empty if only its hash is known. */
  private final String text;

  /**
   * The hash of the text, cached because each call needs the hash more than once. If two threads
   * compute the hash at the same time, both get the same value.
   */
  private @Nullable TokenHash hash;

  private boolean onlyHash;

  private TokenText(String text) {
    this.text = text;
  }

  /**
   * Returns the object for a token if only the token's hash is known. The text of such an object
   * can't be revealed.
   */
  public static TokenText known(TokenHash hash) {
    TokenText token = new TokenText("");
    token.hash = hash;
    token.onlyHash = true;
    return token;
  }

  /** Wraps the text that a caller presented. Any text is accepted; see {@link #isWellFormed}. */
  public static TokenText presented(String text) {
    return new TokenText(text);
  }

  /**
   * Creates a new token from random bytes.
   *
   * @param random at least 64 random bytes; bytes with values of 248 and above are skipped, so that
   *     every character is equally likely
   * @throws IllegalArgumentException when too many bytes had to be skipped; in this case, the
   *     caller has to call this method again with other bytes
   */
  public static TokenText of(byte[] random) {
    StringBuilder body = new StringBuilder(BODY);
    for (int i = 0; i < random.length && body.length() < BODY; i++) {
      int value = random[i] & 0xff;
      if (value < 248) {
        body.append(ALPHABET.charAt(value % 62));
      }
    }
    if (body.length() < BODY) {
      throw new IllegalArgumentException("not enough usable bytes");
    }
    return new TokenText(PREFIX + body + checksum(body));
  }

  /** Whether the text has the prefix, alphabet, length and checksum of an access token. */
  public boolean isWellFormed() {
    if (onlyHash) {
      return true;
    }
    if (!SHAPE.matcher(text).matches()) {
      return false;
    }
    int end = PREFIX.length() + BODY;
    return checksum(text.substring(PREFIX.length(), end)).equals(text.substring(end));
  }

  /**
   * Whether the text could be a token from another system: 8 to 512 visible ASCII characters. The
   * text must not begin like a token of Claviger.
   */
  public boolean isImportable() {
    if (onlyHash) {
      return true;
    }
    return text.length() <= LONGEST_IMPORTED && !text.startsWith(PREFIX) && mayBeToken();
  }

  /**
   * Whether the text could be a token of any kind. A token that the operator has chosen may have
   * any form, so it may also begin like a token of Claviger.
   */
  public boolean mayBeToken() {
    return onlyHash
        || (text.length() >= SHORTEST_IMPORTED
            && text.length() <= LONGEST
            && text.chars().allMatch(c -> c > ' ' && c <= '~'));
  }

  /**
   * Whether the text is {@linkplain #isImportable importable} and begins with one of the given
   * prefixes.
   */
  public boolean isImportable(Collection<TokenPrefix> prefixes) {
    return isImportable() && prefixes.stream().anyMatch(prefix -> text.startsWith(prefix.value()));
  }

  public TokenHash hash() {
    TokenHash known = hash;
    if (known == null) {
      known = computeHash();
      hash = known;
    }
    return known;
  }

  private TokenHash computeHash() {
    try {
      MessageDigest digest = (MessageDigest) SHA_256.clone();
      return new TokenHash(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's digest can't be cloned", e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK lacks SHA-256", e);
    }
  }

  public String reveal() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenText that
        && onlyHash == that.onlyHash
        && (onlyHash ? hash().equals(that.hash()) : text.equals(that.text));
  }

  @Override
  public int hashCode() {
    return onlyHash ? hash().hashCode() : text.hashCode();
  }

  @Override
  public String toString() {
    return "TokenText[hidden]";
  }

  private static String checksum(CharSequence body) {
    CRC32 crc = new CRC32();
    crc.update(body.toString().getBytes(StandardCharsets.US_ASCII));
    char[] digits = new char[CHECKSUM];
    long rest = crc.getValue();
    for (int i = CHECKSUM - 1; i >= 0; i--) {
      digits[i] = ALPHABET.charAt((int) (rest % 62));
      rest /= 62;
    }
    return new String(digits);
  }
}
