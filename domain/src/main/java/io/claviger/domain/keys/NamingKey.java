package io.claviger.domain.keys;

import io.claviger.domain.accounts.User;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A service's random key, from which the names of its callers are derived. The names stay the same
 * as long as this key stays the same, even if the service or the encryption key changes.
 *
 * <p>Each name is an HMAC-SHA-256 over the name's purpose, the user and, if there is one, the value
 * that the caller sent. Each of these is preceded by its length, so that different inputs always
 * result in different bytes.
 */
public final class NamingKey {
  /** The length of the key in bytes. */
  public static final int BYTES = 32;

  private static final String ALGORITHM = "HmacSHA256";

  private NamingKey() {}

  /** What a name is used for. Names for different purposes are never equal. */
  enum Purpose {
    PROMPT_CACHE("prompt_cache_key"),
    IDEMPOTENCY("idempotency_key"),
    SESSION("session"),
    USER("identifier.user"),
    VALUE("identifier.value");

    private final byte[] tag;

    Purpose(String tag) {
      this.tag = tag.getBytes(StandardCharsets.US_ASCII);
    }
  }

  /** Returns a user's name for a purpose: 43 base64url characters. */
  static String name(Secret key, Purpose purpose, User.Id user) {
    return encoded(key, part(purpose.tag), part(bytes(user)));
  }

  /**
   * Returns a user's name for a purpose and for the value that the caller sent: 43 base64url
   * characters.
   */
  static String name(Secret key, Purpose purpose, User.Id user, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    return encoded(key, part(purpose.tag), part(bytes(user)), part(text));
  }

  private static String encoded(Secret key, byte[]... parts) {
    return key.lend(
        bytes -> {
          if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a naming key must have 256 bits");
          }
          try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(bytes, ALGORITHM));
            for (byte[] part : parts) {
              mac.update(part);
            }
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal());
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK lacks HMAC with SHA-256", e);
          }
        });
  }

  private static byte[] part(byte[] bytes) {
    return ByteBuffer.allocate(Integer.BYTES + bytes.length)
        .putInt(bytes.length)
        .put(bytes)
        .array();
  }

  private static byte[] bytes(User.Id user) {
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(user.value().getMostSignificantBits())
        .putLong(user.value().getLeastSignificantBits())
        .array();
  }
}
