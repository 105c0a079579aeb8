package io.claviger.imports.litellm.crypto;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The salt key of a LiteLLM, which decrypts the encrypted values in its database.
 *
 * <p>Values have three forms. Two of these forms have the prefix {@code v3:gcm:} or {@code
 * v2:gcm:}. After it follows the base64 of a nonce of 12 bytes, the ciphertext and a tag of 16
 * bytes of AES-256-GCM. The key of {@code v3} is made from the salt key by HKDF with SHA-256; the
 * key of {@code v2} is the SHA-256 of the salt key. A value without a prefix is a NaCl secret box
 * under that SHA-256, in base64 with either alphabet.
 */
public final class SaltKey implements AutoCloseable {
  private static final String V2 = "v2:gcm:";
  private static final String V3 = "v3:gcm:";
  private static final String INFO = "litellm-at-rest-v3";
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
      throw new IllegalStateException("every JDK has SHA-256", e);
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
   * Decrypts a stored text. A text that was never encrypted is returned unchanged, as in LiteLLM.
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

  /** Returns the bytes of a text that looks encrypted; empty for other texts. */
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
   * Decodes base64 in either alphabet: older releases of LiteLLM wrote the usual one. Padding is
   * required, because LiteLLM always writes it.
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
   * The result of decrypting a stored text. The method {@code toString} never shows the text, which
   * may be a secret.
   */
  public sealed interface Opened {
    /** The text was stored as it is. */
    record Plain(String text) implements Opened {
      @Override
      public String toString() {
        return "Plain[hidden]";
      }
    }

    /** The text was encrypted with this key. */
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
