package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.domain.accounts.CertificateThumbprint;
import io.claviger.testkit.RecordCopy;
import io.claviger.testkit.TlsIdentity;
import io.claviger.testkit.http.LocalHttp;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A token that is bound to a certificate, which a real proxy passes on. */
@Tag("journey")
class CertificateByProxyTest {
  @TempDir private static Path directory;

  /** How each proxy is installed and configured. */
  private enum Proxy {
    NGINX(
        "/usr/sbin/nginx",
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
        """) {
      @Override
      List<String> arguments(Path configuration) {
        return List.of("-c", configuration.toString(), "-e", "stderr");
      }
    },
    CADDY(
        "/usr/bin/caddy",
        """
        {
          admin off
          auto_https disable_redirects
          default_sni 127.0.0.1
          storage file_system %1$s/caddy
          servers {
            strict_sni_host insecure_off
          }
        }
        https://127.0.0.1:%2$d {
          bind 127.0.0.1
          tls %3$s %4$s {
            client_auth {
              mode request
            }
          }
          route {
            request_header -Client-Cert
            @shown vars_regexp {http.request.tls.client.certificate_der_base64} ^[A-Za-z0-9+/=]+$
            request_header @shown Client-Cert ":{http.request.tls.client.certificate_der_base64}:"
            reverse_proxy 127.0.0.1:%5$d
          }
        }
        """) {
      @Override
      List<String> arguments(Path configuration) {
        return List.of("run", "--adapter", "caddyfile", "--config", configuration.toString());
      }
    },
    HAPROXY(
        "/usr/sbin/haproxy",
        """
        defaults
          mode http
          option forwardfor
          timeout connect 5s
          timeout client 30s
          timeout server 30s
        listen https
          bind 127.0.0.1:%2$d ssl crt %1$s/both.pem verify optional ca-verify-file %3$s crt-ignore-err all ca-ignore-err all
          http-request del-header Client-Cert
          http-request set-header Client-Cert ":%%[ssl_c_der,base64]:" if { ssl_c_used }
          server api 127.0.0.1:%5$d
        """) {
      @Override
      String configuration(TlsIdentity identity, int port, int api) throws IOException {
        Files.writeString(
            directory.resolve("both.pem"),
            Files.readString(identity.certificateFile()) + Files.readString(identity.keyFile()));
        return super.configuration(identity, port, api);
      }

      @Override
      List<String> arguments(Path configuration) {
        return List.of("-db", "-f", configuration.toString());
      }
    };

    private final Path program;
    private final String template;

    /**
     * @param template of its configuration: its directory, its port, its certificate, its key and
     *     the port of the API
     */
    Proxy(String program, String template) {
      this.program = Path.of(program);
      this.template = template;
    }

    String configuration(TlsIdentity identity, int port, int api) throws IOException {
      return template.formatted(
          directory,
          port,
          identity.certificateFile().toAbsolutePath(),
          identity.keyFile().toAbsolutePath(),
          api);
    }

    abstract List<String> arguments(Path configuration);
  }

  @ParameterizedTest
  @EnumSource(Proxy.class)
  void a_proxy_passes_on_the_certificate_that_a_token_is_bound_to(Proxy proxy) throws Exception {
    assumeTrue(Files.isExecutable(proxy.program));
    TlsIdentity identity = TlsIdentity.shared();
    String thumbprint =
        CertificateThumbprint.of(identity.keys().getCertificate("trusted").getEncoded()).value();
    int port = LocalHttp.freePort();
    try (Served served =
        Served.start(
            s ->
                RecordCopy.with(
                    Served.behindProxy(s), "certificateHeader", Optional.of("Client-Cert")),
            u -> u)) {
      Process running = start(proxy, identity, port, served.port());
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
        running.destroy();
        assertThat(running.waitFor(10, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  private static int me(int port, SSLContext context, String token) throws Exception {
    try (HttpClient http = HttpClient.newBuilder().sslContext(context).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/v1/me"))
              .header("Authorization", "Bearer " + token)
              // The proxy replaces a header that the caller sent itself.
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

  private static Process start(Proxy proxy, TlsIdentity identity, int port, int api)
      throws Exception {
    Path configuration = directory.resolve(proxy.name().toLowerCase(Locale.ROOT));
    Files.writeString(configuration, proxy.configuration(identity, port, api));
    List<String> command = new ArrayList<>(List.of(proxy.program.toString()));
    command.addAll(proxy.arguments(configuration));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("said").toFile());
    builder.environment().put("HOME", directory.toString());
    Process running = builder.start();
    while (!isListening(port)) {
      assertThat(running.isAlive()).as(Files.readString(directory.resolve("said"))).isTrue();
      LockSupport.parkNanos(5_000_000);
    }
    return running;
  }

  private static boolean isListening(int port) {
    try (Socket probe = new Socket("127.0.0.1", port)) {
      return probe.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
