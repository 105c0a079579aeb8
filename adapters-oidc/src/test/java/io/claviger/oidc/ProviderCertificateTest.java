package io.claviger.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.identity.port.IdentityProvider.ProviderUnavailable;
import io.claviger.oidc.trust.IssuerServer;
import io.claviger.testkit.TlsIdentity;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509KeyManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Uses a provider with a self-signed certificate for 127.0.0.1. */
@Tag("slow")
class ProviderCertificateTest {
  private static final String UNTRUSTED =
      "The identity provider's certificate is not trusted, or the TLS connection fails.";

  private static SSLContext serving;
  private static SSLContext trusting;

  @BeforeAll
  static void createCertificate() throws Exception {
    KeyManagerFactory keys = TlsIdentity.shared().keyManagers();
    serving = SSLContext.getInstance("TLS");
    serving.init(keys.getKeyManagers(), null, null);
    X509KeyManager served = (X509KeyManager) keys.getKeyManagers()[0];
    String alias = served.getServerAliases("EC", null)[0];
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("provider", served.getCertificateChain(alias)[0]);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    trusting = SSLContext.getInstance("TLS");
    trusting.init(null, trust.getTrustManagers(), null);
  }

  @Test
  void a_certificate_that_the_jvm_trusts_is_accepted() throws Exception {
    try (PlayedProvider provider = provider("https://127.0.0.1", trusting)) {
      assertThat(provider.signIn(provider.claims().build()).handle()).contains("ada");
    }
  }

  @Test
  void a_certificate_that_nobody_trusts_is_named_and_gets_no_secret() throws Exception {
    try (PlayedProvider provider = provider("https://127.0.0.1", SSLContext.getDefault())) {
      refused(provider);
    }
  }

  @Test
  void a_trusted_certificate_of_another_host_is_named() throws Exception {
    try (PlayedProvider provider = provider("https://localhost", trusting)) {
      refused(provider);
    }
  }

  private static PlayedProvider provider(String origin, SSLContext client) {
    return new PlayedProvider(new IssuerServer(origin, serving), http(client));
  }

  private static ProviderHttp http(SSLContext client) {
    return new ProviderHttp(new DefaultClientTlsStrategy(client), Duration.ofSeconds(5));
  }

  private static void refused(PlayedProvider provider) {
    provider.give(PlayedProvider.signed(provider.claims().build()));
    assertThatThrownBy(provider::signIn)
        .isInstanceOf(ProviderUnavailable.class)
        .hasMessage(UNTRUSTED);
    assertThat(provider.lastForm()).isEmpty();
  }
}
