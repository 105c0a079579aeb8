package io.claviger.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;

/**
 * A self-signed server certificate for 127.0.0.1 and {@code provider.test}, and a file that makes a
 * program trust the certificate.
 *
 * @param file a key store with the certificate and its private key
 */
public record TlsIdentity(Path file) {
  private static final String PASSWORD = "password";
  private static final String FILE = "keys.p12";

  /**
   * Settings with one iteration for the key store's password, because this password does not
   * protect anything. With the default settings, each read of the file and each TLS handshake would
   * derive a key from the password in 10,000 iterations.
   */
  private static final List<String> ONE_ITERATION =
      Stream.of("keyPbe", "certPbe", "mac")
          .map(what -> "-J-Dkeystore.pkcs12." + what + "IterationCount=1")
          .toList();

  /** The curve with the fastest signatures in a JVM. */
  private static final List<String> EC = List.of("EC", "-groupname", "secp256r1");

  /** The identity that all builds in one month share. The certificate is valid for three months. */
  public static TlsIdentity shared() throws IOException, InterruptedException {
    Path directory =
        InstallationCache.directory(
            "tls-identity",
            List.of(YearMonth.now(ZoneOffset.UTC).toString(), ONE_ITERATION + " " + EC),
            TlsIdentity::create);
    return new TlsIdentity(directory.resolve(FILE));
  }

  /**
   * Creates an identity with an RSA key. GnuTLS can't read other kinds of keys in the form in which
   * the JDK writes them.
   *
   * @param directory the directory for the key store
   */
  public static TlsIdentity rsa(Path directory) throws IOException, InterruptedException {
    create(directory, List.of("RSA"));
    return new TlsIdentity(directory.resolve(FILE));
  }

  private static void create(Path directory) throws IOException, InterruptedException {
    create(directory, EC);
  }

  /**
   * Creates the files with the program {@code keytool}, because the JDK has no public class that
   * signs certificates.
   */
  private static void create(Path directory, List<String> algorithm)
      throws IOException, InterruptedException {
    Path file = directory.resolve(FILE);
    boolean unused = Files.deleteIfExists(file);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(ONE_ITERATION);
    command.addAll(List.of("-genkeypair", "-alias", "stub", "-keyalg"));
    command.addAll(algorithm);
    command.addAll(
        List.of(
            "-dname",
            "CN=stub",
            "-ext",
            "san=dns:provider.test,ip:127.0.0.1",
            "-validity",
            "92",
            "-storetype",
            "PKCS12",
            "-keystore",
            file.toString(),
            "-storepass",
            PASSWORD));
    int exitCode = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (exitCode != 0) {
      throw new IllegalStateException("keytool ended with " + exitCode);
    }
    KeyStore keys = load(file);
    try (OutputStream out = Files.newOutputStream(file)) {
      // A key entry alone does not make its certificate trusted, so the certificate also gets a
      // separate entry.
      keys.setCertificateEntry("trusted", keys.getCertificate("stub"));
      keys.store(out, PASSWORD.toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore load(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      return keys;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The key store, which contains the certificate twice: as a trusted certificate, and with its
   * private key.
   */
  public KeyStore keys() throws IOException {
    return load(file);
  }

  public KeyManagerFactory keyManagers() throws Exception {
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys(), PASSWORD.toCharArray());
    return managers;
  }

  /** Returns the certificate in PEM. */
  public String certificate() throws IOException {
    try {
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder().encodeToString(keys().getCertificate("trusted").getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A file with the certificate in PEM. */
  public Path certificateFile() throws IOException {
    return written("tls.crt", certificate());
  }

  /** A file with the certificate's private key in PEM. */
  public Path keyFile() throws IOException {
    return written("tls.key", privateKey());
  }

  /** The private key in PEM, for servers that are not Java programs. */
  public String privateKey() throws IOException {
    try {
      return "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder()
              .encodeToString(keys().getKey("stub", PASSWORD.toCharArray()).getEncoded())
          + "\n-----END PRIVATE KEY-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Writes a file next to the key store. Other builds can read the file at the same time, and see
   * it only when it is complete.
   */
  private Path written(String name, String text) throws IOException {
    Path whole = file.resolveSibling(name);
    if (!Files.exists(whole)) {
      Path part = Files.createTempFile(file.toAbsolutePath().getParent(), name, ".part");
      Files.writeString(part, text);
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
    return whole;
  }

  /** The JVM options for trusting this certificate. */
  public List<String> trusting() {
    return List.of(
        "-Djavax.net.ssl.trustStore=" + file, "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
  }
}
