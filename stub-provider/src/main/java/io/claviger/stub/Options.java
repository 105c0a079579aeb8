package io.claviger.stub;

import io.netty.handler.ssl.SslContext;
import org.jspecify.annotations.Nullable;

/**
 * The options of a stub provider.
 *
 * @param port the port; 0 picks a free one
 * @param tls a server context; without it the stub does not use TLS
 * @param expectedKey the only accepted credential, others get 401; without it every credential is
 *     accepted
 * @param recording whether requests are kept; benchmarks turn it off, because kept requests are
 *     never dropped
 */
public record Options(
    int port, @Nullable SslContext tls, @Nullable String expectedKey, boolean recording) {

  public Options {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("a port is 0 to 65,535");
    }
  }

  public static Options defaults() {
    return new Options(0, null, null, true);
  }

  public Options port(int value) {
    return new Options(value, tls, expectedKey, recording);
  }

  public Options tls(SslContext value) {
    return new Options(port, value, expectedKey, recording);
  }

  public Options expectedKey(String value) {
    return new Options(port, tls, value, recording);
  }

  public Options recording(boolean value) {
    return new Options(port, tls, expectedKey, value);
  }
}
