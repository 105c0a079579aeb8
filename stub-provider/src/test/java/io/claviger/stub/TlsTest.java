package io.claviger.stub;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslContextBuilder;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  private static final char[] PASSWORD = "password".toCharArray();

  @TempDir private Path directory;

  @Test
  void it_answers_over_tls_as_well() throws Exception {
    KeyStore keys = selfSigned();
    KeyManagerFactory server = KeyManagerFactory.getInstance("PKIX");
    server.init(keys, PASSWORD);
    TrustManagerFactory client = TrustManagerFactory.getInstance("PKIX");
    client.init(keys);
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, client.getTrustManagers(), null);

    try (StubProvider stub =
            StubProvider.start(
                Options.defaults().tls(SslContextBuilder.forServer(server).build()));
        Caller caller = new Caller(stub, HttpClient.newBuilder().sslContext(trusting).build())) {
      assertThat(stub.baseUrl()).startsWith("https://");
      assertThat(caller.get("/v1/models/stub-big-1000000").body()).hasSize(1_000_000);
    }
  }

  /** The JDK has no public class that signs certificates, but a tool that does. */
  private KeyStore selfSigned() throws Exception {
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
                "san=ip:127.0.0.1",
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
    return generated;
  }
}
