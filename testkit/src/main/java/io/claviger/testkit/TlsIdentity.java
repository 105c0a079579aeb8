package io.claviger.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;

/**
 * A certificate of 127.0.0.1, to serve by, and a file that makes a program trust it.
 *
 * @param file a key store with the certificate and its key
 */
public record TlsIdentity(Path file) {
  private static final String PASSWORD = "password";

  /** Creates one. Its files are in the directory. */
  public static TlsIdentity in(Path directory) throws Exception {
    Path file = directory.resolve("keys.p12");
    keytool(file, "-genkeypair", "-keyalg", "EC", "-dname", "CN=stub", "-ext", "san=ip:127.0.0.1");
    Path certificate = directory.resolve("certificate");
    keytool(file, "-exportcert", "-file", certificate.toString());
    // A key entry alone is not trusted: its certificate has to stand by itself as well.
    keytool(file, "-importcert", "-noprompt", "-file", certificate.toString());
    return new TlsIdentity(file);
  }

  private static void keytool(Path store, String command, String... options) throws Exception {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    line.add(command);
    line.addAll(List.of(options));
    String alias = command.equals("-importcert") ? "trusted" : "stub";
    line.addAll(List.of("-alias", alias, "-storetype", "PKCS12"));
    line.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    assertThat(new ProcessBuilder(line).redirectErrorStream(true).start().waitFor()).isZero();
  }

  /** For a server. */
  public KeyManagerFactory keyManagers() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, PASSWORD.toCharArray());
    return managers;
  }

  /** The options of a JVM that trusts it. */
  public List<String> trusting() {
    return List.of(
        "-Djavax.net.ssl.trustStore=" + file, "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
  }
}
