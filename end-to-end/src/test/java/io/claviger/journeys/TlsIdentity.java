package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;

/** A certificate of 127.0.0.1, to serve by, and a file that makes a program trust it. */
record TlsIdentity(Path file) {
  private static final String PASSWORD = "password";

  static TlsIdentity in(Path directory) throws Exception {
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

  SslContext server() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, PASSWORD.toCharArray());
    return SslContextBuilder.forServer(managers).build();
  }

  /** For {@code JAVA_TOOL_OPTIONS}. */
  String trusting() {
    return "-Djavax.net.ssl.trustStore=" + file + " -Djavax.net.ssl.trustStorePassword=" + PASSWORD;
  }
}
