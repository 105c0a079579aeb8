package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for {@code provider.test} and 127.0.0.1, for who serves by it and who trusts it.
 */
public record SelfSigned(KeyStore keys) {
  private static final char[] PASSWORD = "password".toCharArray();

  /** The JDK has no public class that signs certificates, but a tool that does. */
  public static SelfSigned in(Path directory) throws Exception {
    Path file = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "stub",
                "-keyalg",
                "EC",
                "-dname",
                "CN=stub",
                "-ext",
                "san=dns:provider.test,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD))
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore generated = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      generated.load(in, PASSWORD);
    }
    // A key entry alone is not trusted: its certificate has to stand by itself as well.
    generated.setCertificateEntry("trusted", generated.getCertificate("stub"));
    return new SelfSigned(generated);
  }

  public KeyManagerFactory keyManagers() throws Exception {
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys, PASSWORD);
    return managers;
  }

  public SslContext server() throws Exception {
    return SslContextBuilder.forServer(keyManagers()).build();
  }

  public SslContext trustingClient() throws Exception {
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(keys);
    return SslContextBuilder.forClient().trustManager(trust).build();
  }
}
