package io.claviger.stub;

import io.netty.handler.ssl.SslContext;
import java.util.List;
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
 * @param models that the lists of models show; any other model is served too
 */
public record Options(
    int port,
    @Nullable SslContext tls,
    @Nullable String expectedKey,
    boolean recording,
    List<String> models) {

  public Options {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("a port is 0 to 65,535");
    }
    models = List.copyOf(models);
  }

  public static Options defaults() {
    return new Options(0, null, null, true, List.of("parrot-large", "parrot-small"));
  }

  public Options port(int value) {
    return new Options(value, tls, expectedKey, recording, models);
  }

  public Options tls(SslContext value) {
    return new Options(port, value, expectedKey, recording, models);
  }

  public Options expectedKey(String value) {
    return new Options(port, tls, value, recording, models);
  }

  public Options recording(boolean value) {
    return new Options(port, tls, expectedKey, value, models);
  }

  public Options models(List<String> value) {
    return new Options(port, tls, expectedKey, recording, value);
  }
}
