package io.claviger.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Prepared RSA keys of 2048 bits. Generating such a key takes seconds in the JVMs of tests, which
 * run without the second JIT compiler.
 */
public final class RsaKeys {
  private static final List<KeyPair> ALL = read();
  private static final AtomicInteger GIVEN = new AtomicInteger();

  private RsaKeys() {}

  /**
   * Returns the key with this number.
   *
   * @param number the number of the key, from 0 to 3
   */
  public static KeyPair pair(int number) {
    return ALL.get(number);
  }

  /** Returns a key that differs from the last three returned keys. */
  public static KeyPair next() {
    return ALL.get(Math.floorMod(GIVEN.getAndIncrement(), ALL.size()));
  }

  private static List<KeyPair> read() {
    try (InputStream file =
        Objects.requireNonNull(RsaKeys.class.getResourceAsStream("rsa-keys.txt"))) {
      return new String(file.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .map(RsaKeys::parsed)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KeyPair parsed(String line) {
    try {
      KeyFactory keys = KeyFactory.getInstance("RSA");
      RSAPrivateCrtKey secret =
          (RSAPrivateCrtKey)
              keys.generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(line)));
      return new KeyPair(
          keys.generatePublic(
              new RSAPublicKeySpec(secret.getModulus(), secret.getPublicExponent())),
          secret);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
