package io.claviger.gateway;

import io.claviger.testkit.TlsIdentity;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for {@code provider.test} and 127.0.0.1, for who serves by it and who trusts it.
 */
public record SelfSigned(KeyStore keys) {
  private static final char[] PASSWORD = "password".toCharArray();

  public static SelfSigned shared() throws IOException, InterruptedException {
    return new SelfSigned(TlsIdentity.shared().keys());
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
