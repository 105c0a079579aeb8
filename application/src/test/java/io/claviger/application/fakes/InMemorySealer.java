package io.claviger.application.fakes;

import io.claviger.application.keys.port.Sealer;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A {@link Sealer} that uses the JDK's AES-256-GCM with random keys. */
public final class InMemorySealer implements Sealer {
  /** Looking up the cipher takes more than using it does, and a node looks it up once too. */
  private static final ThreadLocal<Cipher> CIPHER =
      ThreadLocal.withInitial(
          () -> {
            try {
              return Cipher.getInstance("AES/GCM/NoPadding");
            } catch (GeneralSecurityException e) {
              throw new IllegalStateException("this JDK lacks AES-GCM", e);
            }
          });

  private static final byte[] SENTINEL = "claviger".getBytes(StandardCharsets.US_ASCII);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Map<EncryptionKeyId, SecretKeySpec> keys;
  private final EncryptionKeyId first;

  private InMemorySealer(Map<EncryptionKeyId, SecretKeySpec> keys) {
    this.keys = keys;
    this.first = keys.keySet().iterator().next();
  }

  /** A sealer with one random encryption key. */
  public static InMemorySealer withOneKey() {
    Map<EncryptionKeyId, SecretKeySpec> keys = new LinkedHashMap<>();
    keys.put(new EncryptionKeyId(HexFormat.of().formatHex(random(4))), randomKey());
    return new InMemorySealer(keys);
  }

  /** A sealer with a new primary key, followed by the keys of this one. */
  public InMemorySealer behindANewKey() {
    InMemorySealer fresh = withOneKey();
    fresh.keys.putAll(keys);
    return fresh;
  }

  /** A sealer with the primary key of this one, and none of its other keys. */
  public InMemorySealer withoutOlderKeys() {
    return new InMemorySealer(new LinkedHashMap<>(Map.of(first, keys.get(first))));
  }

  /** A sealer whose keys have the same ids but can't open values of this one. */
  public InMemorySealer withWrongKeys() {
    Map<EncryptionKeyId, SecretKeySpec> wrong = new LinkedHashMap<>();
    keys.keySet().forEach(id -> wrong.put(id, randomKey()));
    return new InMemorySealer(wrong);
  }

  @Override
  public SealedValue seal(Secret secret, KeyBinding binding) {
    return secret.lend(bytes -> sealed(first, bytes, binding.associatedData()));
  }

  @Override
  public Optional<Secret> open(SealedValue sealed, KeyBinding binding) {
    return opened(sealed, binding.associatedData()).map(Secret::takingOver);
  }

  @Override
  public EncryptionKeyId sealingKey() {
    return first;
  }

  @Override
  public SortedSet<EncryptionKeyId> keys() {
    return new TreeSet<>(keys.keySet());
  }

  @Override
  public SealedValue sentinel(EncryptionKeyId key) {
    return sealed(key, SENTINEL, new byte[0]);
  }

  @Override
  public boolean opensSentinel(SealedValue sentinel) {
    return opened(sentinel, new byte[0]).filter(b -> Arrays.equals(b, SENTINEL)).isPresent();
  }

  private SealedValue sealed(EncryptionKeyId id, byte[] plain, byte[] associated) {
    SecretKeySpec key = keys.get(id);
    if (key == null) {
      throw new IllegalArgumentException("not one of these keys");
    }
    try {
      byte[] nonce = random(12);
      byte[] cipherText = cipher(Cipher.ENCRYPT_MODE, key, nonce, associated).doFinal(plain);
      return new SealedValue(
          ByteBuffer.allocate(1 + 4 + nonce.length + cipherText.length)
              .put((byte) 1)
              .put(HexFormat.of().parseHex(id.value()))
              .put(nonce)
              .put(cipherText)
              .array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks AES-GCM", e);
    }
  }

  private Optional<byte[]> opened(SealedValue sealed, byte[] associated) {
    SecretKeySpec key = keys.get(sealed.sealedUnder());
    if (key == null) {
      return Optional.empty();
    }
    byte[] bytes = sealed.bytes();
    try {
      Cipher cipher =
          cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOfRange(bytes, 5, 17), associated);
      return Optional.of(cipher.doFinal(bytes, 17, bytes.length - 17));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce, byte[] associated)
      throws GeneralSecurityException {
    Cipher cipher = CIPHER.get();
    cipher.init(mode, key, new GCMParameterSpec(128, nonce));
    cipher.updateAAD(associated);
    return cipher;
  }

  private static SecretKeySpec randomKey() {
    return new SecretKeySpec(random(32), "AES");
  }

  private static byte[] random(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
