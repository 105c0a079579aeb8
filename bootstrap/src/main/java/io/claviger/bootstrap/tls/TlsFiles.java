package io.claviger.bootstrap.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.claviger.bootstrap.settings.TlsSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The content of the listeners' TLS files, after it was checked.
 *
 * @param chain the node's certificate, followed by its intermediate certificates
 * @param clientAuthorities the authorities for callers' certificates; empty if callers need no
 *     certificate
 */
public record TlsFiles(
    List<X509Certificate> chain, PrivateKey key, List<X509Certificate> clientAuthorities) {
  /** The maximum size of a file in bytes. */
  private static final int LARGEST = 1 << 20;

  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  /**
   * Thrown if the files are unusable. The message says why, and contains nothing from the files.
   */
  public static final class Unusable extends Exception {
    Unusable(String message) {
      super(message);
    }
  }

  /** The bytes of the files, with which later contents are compared. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes the arrays, and isSame compares them.
  record Content(byte[] certificate, byte[] key, byte[] clientAuthorities) {
    boolean isSame(Content other) {
      return Arrays.equals(certificate, other.certificate)
          && Arrays.equals(key, other.key)
          && Arrays.equals(clientAuthorities, other.clientAuthorities);
    }
  }

  static Content read(TlsSettings settings) throws Unusable {
    Optional<Path> authorities = settings.clientAuthorities();
    return new Content(
        bytes("CLAVIGER_TLS_CERT", settings.certificate()),
        bytes("CLAVIGER_TLS_KEY", settings.key()),
        authorities.isPresent() ? bytes("CLAVIGER_TLS_CLIENT_CA", authorities.get()) : new byte[0]);
  }

  /**
   * Reads and checks the TLS files.
   *
   * @throws Unusable if a file can't be read, or if the key does not belong to the certificate
   */
  public static TlsFiles load(TlsSettings settings) throws Unusable {
    return of(read(settings), settings.clientAuthorities().isPresent());
  }

  static TlsFiles of(Content content, boolean clients) throws Unusable {
    List<X509Certificate> chain = certificates("CLAVIGER_TLS_CERT", content.certificate());
    PublicKey open = chain.getFirst().getPublicKey();
    PrivateKey key = key(content.key(), open);
    if (!fit(key, open)) {
      throw new Unusable("the key of CLAVIGER_TLS_KEY is not that of CLAVIGER_TLS_CERT");
    }
    return new TlsFiles(
        chain,
        key,
        clients ? certificates("CLAVIGER_TLS_CLIENT_CA", content.clientAuthorities()) : List.of());
  }

  /**
   * Returns when the certificate expires, or the first intermediate certificate. Ignores
   * intermediate certificates that have expired already: an authority might give out such a
   * certificate only for old callers, and others do not need it.
   */
  public Instant end(Instant now) {
    return chain.stream()
        .skip(1)
        .map(TlsFiles::endOf)
        .filter(now::isBefore)
        .reduce(endOf(chain.getFirst()), (one, other) -> one.isBefore(other) ? one : other);
  }

  /** Returns when an intermediate certificate has expired; empty if none has expired. */
  public Optional<Instant> endedBefore(Instant now) {
    return chain.stream().skip(1).map(TlsFiles::endOf).filter(at -> !now.isBefore(at)).findFirst();
  }

  private static Instant endOf(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant();
  }

  /** Returns when the certificate becomes valid. */
  public Instant beginning() {
    return chain.getFirst().getNotBefore().toInstant();
  }

  private static byte[] bytes(String name, Path file) throws Unusable {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new Unusable("the file of " + name + " is too large");
      }
      return bytes;
    } catch (IOException e) {
      throw new Unusable("the file of " + name + " can't be read");
    }
  }

  private static List<X509Certificate> certificates(String name, byte[] pem) throws Unusable {
    try {
      Collection<? extends java.security.cert.Certificate> read =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      if (read.isEmpty()) {
        throw new Unusable("the file of " + name + " has no certificate in PEM");
      }
      return read.stream().map(X509Certificate.class::cast).toList();
    } catch (GeneralSecurityException e) {
      throw new Unusable("the file of " + name + " is not PEM with certificates");
    }
  }

  private static PrivateKey key(byte[] pem, PublicKey of) throws Unusable {
    Matcher found = PRIVATE_KEY.matcher(new String(pem, ISO_8859_1));
    if (!found.find()) {
      throw new Unusable(
          "the file of CLAVIGER_TLS_KEY has no PRIVATE KEY in PEM without a password; openssl pkcs8"
              + " -topk8 -nodes converts others");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(found.group(1));
      return KeyFactory.getInstance(of.getAlgorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new Unusable("the key of CLAVIGER_TLS_KEY is not that of CLAVIGER_TLS_CERT");
    }
  }

  private static boolean fit(PrivateKey key, PublicKey open) {
    String algorithm =
        switch (open.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> open.getAlgorithm();
        };
    try {
      byte[] probe = {1, 2, 3};
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(key);
      signing.update(probe);
      byte[] signed = signing.sign();
      Signature checking = Signature.getInstance(algorithm);
      checking.initVerify(open);
      checking.update(probe);
      return checking.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
