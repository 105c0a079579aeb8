package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.standards.WireFormat;
import io.claviger.stub.StubOptions;
import io.claviger.stub.StubProvider;
import io.claviger.testkit.http.TestResponse;
import io.netty.handler.ssl.SslContext;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** TLS to providers. */
class ProviderTlsTest {
  private static SelfSigned certificate;

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = SelfSigned.shared();
  }

  @Test
  void a_provider_that_is_who_it_says_is_called() throws Exception {
    try (StubProvider provider = provider();
        Rig rig = trusting()) {
      rig.lend(
          TestService.at("https://provider.test:" + provider.port() + "/v1", WireFormat.OPENAI));
      TestResponse first = rig.post("embeddings", Rig.embedding("m"));
      TestResponse second = rig.post("embeddings", Rig.embedding("stub-echo-key-body"));

      assertThat(first.status()).isEqualTo(200);
      assertThat(second.status()).isEqualTo(200);
      assertThat(second.body()).doesNotContain("Zx81");
      assertThat(provider.openConnections()).isEqualTo(1);
      assertThat(provider.requests().get(0).header("host"))
          .isEqualTo("provider.test:" + provider.port());
    }
  }

  @Test
  void a_provider_of_another_name_gets_nothing() throws Exception {
    try (StubProvider provider = provider();
        Rig rig = trusting()) {
      rig.lend(TestService.at("https://other.test:" + provider.port() + "/v1", WireFormat.OPENAI));
      TestResponse answer = rig.post("embeddings", Rig.embedding("m"));

      assertThat(answer.status()).isEqualTo(502);
      assertThat(provider.requests()).isEmpty();
    }
  }

  @Test
  void a_certificate_that_nobody_vouches_for_is_refused() throws Exception {
    try (StubProvider provider = provider();
        Rig rig = new Rig()) {
      rig.lend(TestService.at("https://127.0.0.1:" + provider.port() + "/v1", WireFormat.OPENAI));
      TestResponse answer = rig.post("embeddings", Rig.embedding("m"));

      assertThat(answer.status()).isEqualTo(502);
      assertThat(provider.requests()).isEmpty();
    }
  }

  @Test
  void the_providers_name_is_told_and_a_session_taken_up_again() throws Exception {
    SSLContext server = SSLContext.getInstance("TLSv1.2");
    server.init(certificate.keyManagers().getKeyManagers(), null, null);
    try (SSLServerSocket listener =
            (SSLServerSocket)
                server
                    .getServerSocketFactory()
                    .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Rig rig = trusting()) {
      listener.setEnabledProtocols(new String[] {"TLSv1.2"});
      List<String> names = Collections.synchronizedList(new ArrayList<>());
      List<Long> sessions = Collections.synchronizedList(new ArrayList<>());
      CompletableFuture<Void> serving =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 2; i++) {
                  answerOne(listener, names, sessions);
                }
              },
              Thread::startVirtualThread);
      rig.lend(
          TestService.at("https://provider.test:" + listener.getLocalPort(), WireFormat.OPENAI));

      assertThat(rig.get("models").status()).isEqualTo(200);
      assertThat(rig.get("models").status()).isEqualTo(200);
      serving.join();
      assertThat(names).containsExactly("provider.test", "provider.test");
      assertThat(sessions.get(1)).as("when the session began").isEqualTo(sessions.get(0));
    }
  }

  @Test
  void no_more_than_a_thousand_sessions_are_remembered() throws Exception {
    SslContext client = certificate.trustingClient();
    new Rig(settings -> settings.withTrust(client)).close();

    assertThat(client.sessionContext().getSessionCacheSize()).isEqualTo(1_000);
  }

  private static void answerOne(SSLServerSocket listener, List<String> names, List<Long> sessions) {
    try (SSLSocket socket = (SSLSocket) listener.accept()) {
      InputStream in = socket.getInputStream();
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.read());
      }
      ExtendedSSLSession session = (ExtendedSSLSession) socket.getSession();
      session
          .getRequestedServerNames()
          .forEach(n -> names.add(new String(n.getEncoded(), StandardCharsets.US_ASCII)));
      sessions.add(session.getCreationTime());
      OutputStream out = socket.getOutputStream();
      out.write(
          "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Rig trusting() throws Exception {
    SslContext client = certificate.trustingClient();
    return new Rig(
        settings ->
            settings
                .withTrust(client)
                .withResolver(host -> List.of(InetAddress.getLoopbackAddress())));
  }

  private static StubProvider provider() throws Exception {
    return StubProvider.start(StubOptions.defaults().tls(certificate.server()));
  }
}
