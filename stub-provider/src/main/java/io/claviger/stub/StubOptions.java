package io.claviger.stub;

import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a stub provider.
 *
 * @param port the port on which to listen; 0 picks a free port
 * @param tls a server context; null if the stub has no TLS
 * @param expectedKey the only accepted credential; calls with any other credential are answered
 *     with 401. If null, every credential is accepted
 * @param recording whether requests are kept in memory. Benchmarks disable this, because kept
 *     requests are never removed
 * @param models the models in the lists of models; calls to other models are answered too
 * @param batchTime the time until a batch is complete
 */
public record StubOptions(
    int port,
    @Nullable SslContext tls,
    @Nullable String expectedKey,
    boolean recording,
    List<String> models,
    Duration batchTime) {

  public StubOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("a port is 0 to 65,535");
    }
    models = List.copyOf(models);
  }

  public static StubOptions defaults() {
    return new StubOptions(
        0, null, null, true, List.of("parrot-large", "parrot-small"), Duration.ofMillis(200));
  }

  public StubOptions port(int value) {
    return new StubOptions(value, tls, expectedKey, recording, models, batchTime);
  }

  public StubOptions tls(SslContext value) {
    return new StubOptions(port, value, expectedKey, recording, models, batchTime);
  }

  public StubOptions expectedKey(String value) {
    return new StubOptions(port, tls, value, recording, models, batchTime);
  }

  public StubOptions recording(boolean value) {
    return new StubOptions(port, tls, expectedKey, value, models, batchTime);
  }

  public StubOptions models(List<String> value) {
    return new StubOptions(port, tls, expectedKey, recording, value, batchTime);
  }

  public StubOptions batchTime(Duration value) {
    return new StubOptions(port, tls, expectedKey, recording, models, value);
  }
}
