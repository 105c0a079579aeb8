package io.claviger.custody;

import io.claviger.application.keys.port.KeyWrapper;
import io.claviger.application.keys.port.OutsideKeyFailure;
import io.claviger.domain.keys.KeyUri;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Wraps encryption keys with an AES key in a PKCS#11 token. The token itself computes AES-GCM, so
 * the AES key need not leave the token. A wrapped key begins with a nonce of 12 random bytes.
 */
public final class Pkcs11KeyWrapper implements KeyWrapper {
  private static final byte[] PURPOSE =
      "claviger encryption key 1".getBytes(StandardCharsets.US_ASCII);
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final char @Nullable [] pin;
  private final Duration patience;
  private final SecureRandom random = new SecureRandom();

  /**
   * @param pin the PIN of the tokens, or null if there is none
   */
  public Pkcs11KeyWrapper(char @Nullable [] pin) {
    this(pin, Pkcs11Calls.PATIENCE);
  }

  Pkcs11KeyWrapper(char @Nullable [] pin, Duration patience) {
    this.pin = pin == null ? null : pin.clone();
    this.patience = patience;
  }

  @Override
  public boolean uses(KeyUri with) {
    return with instanceof KeyUri.Pkcs11;
  }

  @Override
  public byte[] wrap(byte[] key, KeyUri with) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] encrypted = run(Cipher.ENCRYPT_MODE, with, nonce, key, 0);
    return ByteBuffer.allocate(NONCE_BYTES + encrypted.length).put(nonce).put(encrypted).array();
  }

  @Override
  public byte[] unwrap(byte[] wrapped, KeyUri with) {
    if (wrapped.length <= NONCE_BYTES + TAG_BITS / 8) {
      throw OutsideKeyFailure.refused("the wrapped key is incomplete");
    }
    return run(Cipher.DECRYPT_MODE, with, wrapped, wrapped, NONCE_BYTES);
  }

  /**
   * Uses the key in the token, on another thread. A result that comes too late is wiped.
   *
   * @param nonce an array that begins with the nonce
   * @param from the index in {@code text} at which encryption or decryption begins
   */
  private byte[] run(int mode, KeyUri with, byte[] nonce, byte[] text, int from) {
    KeyUri.Pkcs11 uri = (KeyUri.Pkcs11) with;
    if (!uri.type().orElse("secret-key").equals("secret-key")) {
      throw OutsideKeyFailure.refused(
          "encryption keys can be wrapped only with keys of type=secret-key");
    }
    return Pkcs11Calls.into(uri.modulePath())
        .call(
            patience,
            () -> encrypted(mode, uri, nonce, text, from),
            late -> Arrays.fill(late, (byte) 0));
  }

  private byte[] encrypted(int mode, KeyUri.Pkcs11 uri, byte[] nonce, byte[] text, int from) {
    Pkcs11Token token = Pkcs11Token.open(uri, pin);
    Key key = token.key(uri.object());
    if (!key.getAlgorithm().equals("AES")) {
      throw OutsideKeyFailure.refused("the key with that label is not an AES key");
    }
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", token.provider());
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce, 0, NONCE_BYTES));
      cipher.updateAAD(PURPOSE);
      return cipher.doFinal(text, from, text.length - from);
    } catch (AEADBadTagException e) {
      throw OutsideKeyFailure.refused(
          "the encryption key was wrapped with another key, or has been changed since");
    } catch (GeneralSecurityException | ProviderException e) {
      throw Pkcs11Token.failure("the PKCS#11 token can't use this key for AES-GCM", e);
    }
  }
}
