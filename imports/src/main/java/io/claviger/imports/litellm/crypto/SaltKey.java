package io.claviger.imports.litellm.crypto;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The salt key of a LiteLLM installation. The salt key decrypts the values in LiteLLM's database.
 *
 * <p>An encrypted value has one of three forms. In two of these forms, the value begins with {@code
 * v3:gcm:} or {@code v2:gcm:}. The prefix is followed by the Base64 of a 12-byte nonce, the
 * AES-256-GCM ciphertext and a 16-byte tag. The key for {@code v3} is derived from the salt key by
 * HKDF with SHA-256. The key for {@code v2} is the SHA-256 of the salt key. In the third form, the
 * value has no prefix. A value without a prefix is a NaCl secret box under the SHA-256 of the salt
 * key, in either Base64 alphabet.
 */
public final class SaltKey implements AutoCloseable {
  private static final String V2 = "v2:gcm:";
  private static final String V3 = "v3:gcm:";
  private static final String INFO = "litellm-at-rest-v3";
  private static final String MARK = "claviger import litellm\0";
  private static final int MARK_BYTES = 12;
  private static final int NONCE = 12;
  private static final int TAG = 16;

  private final byte[] digest;
  private final byte[] derived;

  private SaltKey(byte[] digest, byte[] derived) {
    this.digest = digest;
    this.derived = derived;
  }

  /**
   * @param text the salt key in UTF-8; the caller must wipe the array
   */
  public static SaltKey of(byte[] text) {
    try {
      return new SaltKey(MessageDigest.getInstance("SHA-256").digest(text), expand(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks SHA-256", e);
    }
  }

  /** Returns the first block of HKDF (RFC 5869) without a salt. */
  private static byte[] expand(byte[] text) throws GeneralSecurityException {
    byte[] extracted = hmac(new byte[32], text);
    byte[] info = INFO.getBytes(StandardCharsets.US_ASCII);
    byte[] last = Arrays.copyOf(info, info.length + 1);
    last[info.length] = 1;
    try {
      return hmac(extracted, last);
    } finally {
      Arrays.fill(extracted, (byte) 0);
    }
  }

  private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(message);
  }

  /**
   * Returns a short text that identifies another text, without revealing anything about it to
   * people who do not have the salt key.
   */
  public String mark(String text) {
    try {
      byte[] named = (MARK + text).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(hmac(digest, named), 0, MARK_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks HMAC with SHA-256", e);
    }
  }

  /**
   * Decrypts a stored text. If the text was never encrypted, returns the unchanged text, as LiteLLM
   * does.
   */
  public Opened open(String stored) {
    Optional<byte[]> box = box(stored);
    if (box.isEmpty()) {
      return new Opened.Plain(stored);
    }
    try {
      return text(decrypt(stored, box.get()));
    } catch (GeneralSecurityException e) {
      return new Opened.Closed();
    }
  }

  private static Opened text(byte[] plain) {
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(plain));
      return new Opened.Unsealed(text.toString());
    } catch (CharacterCodingException e) {
      return new Opened.Closed();
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  private byte[] decrypt(String stored, byte[] box) throws GeneralSecurityException {
    if (!isMarked(stored)) {
      return SecretBox.open(digest, box);
    }
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(stored.startsWith(V3) ? derived : digest, "AES"),
        new GCMParameterSpec(8 * TAG, box, 0, NONCE));
    return cipher.doFinal(box, NONCE, box.length - NONCE);
  }

  /**
   * Returns the bytes of a text that looks encrypted; empty if the text does not look encrypted.
   */
  private static Optional<byte[]> box(String stored) {
    if (isMarked(stored)) {
      return Optional.of(
          base64(stored.substring(V2.length()))
              .filter(bytes -> bytes.length >= NONCE + TAG)
              .orElseGet(() -> new byte[NONCE + TAG]));
    }
    return base64(stored).filter(bytes -> bytes.length >= SecretBox.overhead());
  }

  private static boolean isMarked(String stored) {
    return stored.startsWith(V2) || stored.startsWith(V3);
  }

  /**
   * Decodes Base64 in either alphabet. Older releases of LiteLLM wrote the usual alphabet. The text
   * must have padding, which LiteLLM always writes.
   */
  private static Optional<byte[]> base64(String text) {
    if (text.length() % 4 != 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/')));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * The result of decrypting a stored text. {@code toString} leaves out the text, which might be a
   * secret.
   */
  public sealed interface Opened {
    /** The text was stored unencrypted. */
    record Plain(String text) implements Opened {
      @Override
      public String toString() {
        return "Plain[hidden]";
      }
    }

    /** The text was encrypted with this salt key. */
    record Unsealed(String text) implements Opened {
      @Override
      public String toString() {
        return "Unsealed[hidden]";
      }
    }

    /** The text looks encrypted, but this key does not decrypt it. */
    record Closed() implements Opened {}
  }

  @Override
  public void close() {
    Arrays.fill(digest, (byte) 0);
    Arrays.fill(derived, (byte) 0);
  }
}
