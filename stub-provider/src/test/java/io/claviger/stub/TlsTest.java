package io.claviger.stub;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.TlsIdentity;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.http.HttpClient;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

class TlsTest {
  @Test
  void it_answers_over_tls_as_well() throws Exception {
    TlsIdentity identity = TlsIdentity.shared();
    KeyManagerFactory server = identity.keyManagers();
    TrustManagerFactory client = TrustManagerFactory.getInstance("PKIX");
    client.init(identity.keys());
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, client.getTrustManagers(), null);

    try (StubProvider stub =
            StubProvider.start(
                StubOptions.defaults().tls(SslContextBuilder.forServer(server).build()));
        Caller caller = new Caller(stub, HttpClient.newBuilder().sslContext(trusting).build())) {
      assertThat(stub.baseUrl()).startsWith("https://");
      assertThat(caller.get("/v1/models/stub-big-1000000").body()).hasSize(1_000_000);
    }
  }
}
