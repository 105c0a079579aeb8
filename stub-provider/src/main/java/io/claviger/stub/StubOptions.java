package io.claviger.stub;

import io.netty.handler.ssl.SslContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a stub provider.
 *
 * @param port the port; 0 picks a free one
 * @param tls a server context; without it the stub does not use TLS
 * @param expectedKey the only accepted credential; others are answered with 401. Without it, every
 *     credential is accepted
 * @param recording whether requests are kept; benchmarks turn it off, because kept requests are
 *     never dropped
 * @param models the models that the lists of models show; any other model is served too
 */
public record StubOptions(
    int port,
    @Nullable SslContext tls,
    @Nullable String expectedKey,
    boolean recording,
    List<String> models) {

  public StubOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("a port is 0 to 65,535");
    }
    models = List.copyOf(models);
  }

  public static StubOptions defaults() {
    return new StubOptions(0, null, null, true, List.of("parrot-large", "parrot-small"));
  }

  public StubOptions port(int value) {
    return new StubOptions(value, tls, expectedKey, recording, models);
  }

  public StubOptions tls(SslContext value) {
    return new StubOptions(port, value, expectedKey, recording, models);
  }

  public StubOptions expectedKey(String value) {
    return new StubOptions(port, tls, value, recording, models);
  }

  public StubOptions recording(boolean value) {
    return new StubOptions(port, tls, expectedKey, value, models);
  }

  public StubOptions models(List<String> value) {
    return new StubOptions(port, tls, expectedKey, recording, value);
  }
}
