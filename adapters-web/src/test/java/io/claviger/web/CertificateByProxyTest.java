package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.domain.accounts.CertificateThumbprint;
import io.claviger.testkit.RecordCopy;
import io.claviger.testkit.TlsIdentity;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token that is bound to a certificate, which a real nginx passes on. */
@Tag("journey")
class CertificateByProxyTest {
  private static final Path NGINX = Path.of("/usr/sbin/nginx");

  @TempDir private static Path directory;

  @Test
  void nginx_passes_on_the_certificate_that_a_token_is_bound_to() throws Exception {
    assumeTrue(Files.isExecutable(NGINX));
    TlsIdentity identity = TlsIdentity.shared();
    String thumbprint =
        CertificateThumbprint.of(identity.keys().getCertificate("trusted").getEncoded()).value();
    int port = freePort();
    try (Served served =
        Served.start(
            s ->
                RecordCopy.with(
                    Served.behindProxy(s), "certificateHeader", Optional.of("Client-Cert")),
            u -> u)) {
      Process nginx = start(identity, port, served.port());
      try {
        Client alice = served.user("alice");
        String token =
            alice
                .post(
                    "/v1/users/alice/tokens",
                    Map.of("name", "n", "bound_to", Map.of("certificate_sha256", thumbprint)))
                .isStatus(201)
                .text("/token");
        KeyManager[] own = identity.keyManagers().getKeyManagers();

        assertThat(me(port, context(identity, own), token)).isEqualTo(200);
        assertThat(me(port, context(identity, null), token)).isEqualTo(401);
        served.holding(token).get("/v1/me").isProblem(401, "token_bound");
        HttpRequest twice =
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + served.port() + "/v1/me"))
                .header("Authorization", "Bearer " + token)
                .header("Client-Cert", ":AAAA:")
                .header("Client-Cert", ":AAAA:")
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
          HttpResponse<String> refused = http.send(twice, HttpResponse.BodyHandlers.ofString());
          assertThat(refused.statusCode()).isEqualTo(400);
          assertThat(refused.body()).contains("certificate_header_refused");
        }
      } finally {
        nginx.destroy();
        assertThat(nginx.waitFor(10, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  private static int me(int port, SSLContext context, String token) throws Exception {
    try (HttpClient http = HttpClient.newBuilder().sslContext(context).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/v1/me"))
              .header("Authorization", "Bearer " + token)
              // What a caller says itself is replaced.
              .header("Client-Cert", ":AAAA:")
              .build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  private static SSLContext context(TlsIdentity identity, KeyManager[] own) throws Exception {
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(identity.keys());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own, trust.getTrustManagers(), null);
    return context;
  }

  private static Process start(TlsIdentity identity, int port, int api) throws Exception {
    Path configuration = directory.resolve("nginx.conf");
    Files.writeString(
        configuration,
        """
        daemon off;
        worker_processes 1;
        error_log stderr;
        pid %1$s/nginx.pid;
        events { worker_connections 64; }
        http {
          access_log off;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          server {
            listen 127.0.0.1:%2$d ssl;
            ssl_certificate %3$s;
            ssl_certificate_key %4$s;
            ssl_verify_client optional_no_ca;
            location / {
              proxy_pass http://127.0.0.1:%5$d;
              proxy_set_header X-Forwarded-For $remote_addr;
              proxy_set_header Client-Cert $ssl_client_escaped_cert;
            }
          }
        }
        """
            .formatted(
                directory,
                port,
                identity.certificateFile().toAbsolutePath(),
                identity.keyFile().toAbsolutePath(),
                api));
    Process nginx =
        new ProcessBuilder(NGINX.toString(), "-c", configuration.toString(), "-e", "stderr")
            .inheritIO()
            .start();
    while (!isListening(port)) {
      assertThat(nginx.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    return nginx;
  }

  private static boolean isListening(int port) {
    try (Socket probe = new Socket("127.0.0.1", port)) {
      return probe.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws Exception {
    try (ServerSocket probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
  }
}
