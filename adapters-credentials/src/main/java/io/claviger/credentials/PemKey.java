package io.claviger.credentials;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.util.Base64URL;
import io.claviger.application.credentials.port.CredentialMinter.MintFailure.Cause;
import io.claviger.credentials.Attempt.Failed;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PEM private key for signatures, and the certificate that may follow the key in the text.
 *
 * @param thumbprint the certificate's thumbprint, by which Microsoft Entra finds the key; empty if
 *     there is no certificate
 */
record PemKey(PrivateKey key, JWSAlgorithm algorithm, Optional<Base64URL> thumbprint) {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([^-]*)-----END \\1-----");
  private static final int SMALLEST_RSA = 2048;

  /**
   * The size, in bits, of the largest accepted RSA key. A signature with such a key takes about 7
   * ms, and a signature with a key of twice the size takes seven times as long.
   */
  private static final int LARGEST_RSA = 4096;

  /**
   * The permits to sign: at most half of the processors sign at the same time. Signing occupies a
   * processor without ever blocking, so without this limit other virtual threads would have to wait
   * for a processor.
   */
  private static final Semaphore SIGNING =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

  /** Makes a signature. */
  @FunctionalInterface
  interface Signing<T> {
    T sign() throws JOSEException;
  }

  /** Makes a signature as soon as the limit on concurrent signatures permits. */
  static <T> T signed(Signing<T> signing) throws Failed, JOSEException {
    try {
      SIGNING.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failed(Cause.UNAVAILABLE, "This node could not make the signature in time.");
    }
    try {
      return signing.sign();
    } finally {
      SIGNING.release();
    }
  }

  /**
   * @throws Failed if the text contains no usable key; the exception says what to change
   */
  static PemKey of(String pem) throws Failed {
    PrivateKey key = null;
    Optional<Base64URL> thumbprint = Optional.empty();
    Matcher blocks = BLOCK.matcher(pem);
    while (blocks.find()) {
      switch (blocks.group(1)) {
        case "PRIVATE KEY" -> key = key(blocks.group(2));
        case "CERTIFICATE" ->
            thumbprint =
                thumbprint.isPresent() ? thumbprint : Optional.of(thumbprint(blocks.group(2)));
        case "RSA PRIVATE KEY", "EC PRIVATE KEY" ->
            throw unusable("it is in an older form; convert it with openssl pkcs8 -topk8 -nocrypt");
        case "ENCRYPTED PRIVATE KEY" ->
            throw unusable(
                "it is protected by a passphrase; remove the passphrase with openssl pkcs8");
        default -> throw unusable("it has a block that is neither a key nor a certificate");
      }
    }
    if (key == null) {
      throw unusable("there is no block -----BEGIN PRIVATE KEY-----");
    }
    return new PemKey(key, algorithm(key, thumbprint.isPresent()), thumbprint);
  }

  private static PrivateKey key(String base64) throws Failed {
    byte[] der = der(base64);
    try {
      return key("RSA", der)
          .or(() -> key("EC", der))
          .orElseThrow(
              () ->
                  unusable(
                      "it is damaged, or it is neither an RSA key nor a key of"
                          + " an elliptic curve"));
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  private static Optional<PrivateKey> key(String algorithm, byte[] der) {
    try {
      return Optional.of(
          KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der)));
    } catch (GeneralSecurityException another) {
      return Optional.empty();
    }
  }

  /**
   * Returns the signature algorithm for this key. If the key is an RSA key with a certificate, its
   * signatures use the newer padding PSS, because Microsoft Entra requires this padding.
   */
  private static JWSAlgorithm algorithm(PrivateKey key, boolean certified) throws Failed {
    if (key instanceof RSAPrivateKey rsa) {
      demandQuick(rsa);
      return certified ? JWSAlgorithm.PS256 : JWSAlgorithm.RS256;
    }
    int bits = ((ECPrivateKey) key).getParams().getOrder().bitLength();
    return switch (bits) {
      case 256 -> JWSAlgorithm.ES256;
      case 384 -> JWSAlgorithm.ES384;
      case 521 -> JWSAlgorithm.ES512;
      default -> throw unusable("its curve is not P-256, P-384 or P-521");
    };
  }

  /** Refuses keys whose signatures would occupy a processor for long. */
  private static void demandQuick(RSAPrivateKey key) throws Failed {
    int bits = key.getModulus().bitLength();
    if (bits < SMALLEST_RSA) {
      throw unusable("an RSA key needs at least 2048 bits");
    }
    if (bits > LARGEST_RSA) {
      throw unusable("an RSA key may have at most 4096 bits");
    }
    if (!(key instanceof RSAPrivateCrtKey quick)) {
      throw unusable("its prime factors are missing; make a new key with openssl genpkey");
    }
    if (!quick.getPublicExponent().equals(RSAKeyGenParameterSpec.F4)) {
      throw unusable("its public exponent is not 65537; make a new key");
    }
    if (!belongTogether(quick)) {
      throw unusable("its numbers do not fit together; export the key again");
    }
  }

  private static boolean belongTogether(RSAPrivateCrtKey key) {
    BigInteger p = key.getPrimeP();
    BigInteger q = key.getPrimeQ();
    return p.multiply(q).equals(key.getModulus())
        && key.getPrivateExponent().compareTo(key.getModulus()) < 0
        && key.getPrimeExponentP().compareTo(p) < 0
        && key.getPrimeExponentQ().compareTo(q) < 0
        && key.getCrtCoefficient().compareTo(p) < 0;
  }

  private static Base64URL thumbprint(String base64) throws Failed {
    try {
      byte[] certificate =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der(base64)))
              .getEncoded();
      return Base64URL.encode(MessageDigest.getInstance("SHA-256").digest(certificate));
    } catch (GeneralSecurityException e) {
      throw unusable("the certificate is damaged");
    }
  }

  private static byte[] der(String base64) throws Failed {
    try {
      return Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException e) {
      throw unusable("its Base64 is damaged");
    }
  }

  private static Failed unusable(String why) {
    return new Failed(Cause.MISCONFIGURED, "The key can't be used: " + why + ".");
  }
}
