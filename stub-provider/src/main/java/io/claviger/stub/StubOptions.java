package io.claviger.stub;

import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a stub provider.
 *
 * @param port the port on which to listen; 0 picks a free port
 * @param tls a server context; if null, the stub does not use TLS
 * @param expectedKey the only credential that is accepted; calls with any other credential are
 *     answered with 401. If this is null, every credential is accepted
 * @param recording whether requests are kept in memory; benchmarks switch this off, because kept
 *     requests are never removed
 * @param models the models that the lists of models contain; calls of any other model are answered
 *     too
 * @param seed decides in which calls the key of the prompt cache is ignored, so that they find
 *     input that was sent with another key
 * @param batchTime how long a batch takes until it is complete
 */
public record StubOptions(
    int port,
    @Nullable SslContext tls,
    @Nullable String expectedKey,
    boolean recording,
    List<String> models,
    long seed,
    Duration batchTime) {

  public StubOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("a port is 0 to 65,535");
    }
    models = List.copyOf(models);
  }

  public static StubOptions defaults() {
    return new StubOptions(
        0, null, null, true, List.of("parrot-large", "parrot-small"), 0, Duration.ofMillis(200));
  }

  public StubOptions port(int value) {
    return new StubOptions(value, tls, expectedKey, recording, models, seed, batchTime);
  }

  public StubOptions tls(SslContext value) {
    return new StubOptions(port, value, expectedKey, recording, models, seed, batchTime);
  }

  public StubOptions expectedKey(String value) {
    return new StubOptions(port, tls, value, recording, models, seed, batchTime);
  }

  public StubOptions recording(boolean value) {
    return new StubOptions(port, tls, expectedKey, value, models, seed, batchTime);
  }

  public StubOptions models(List<String> value) {
    return new StubOptions(port, tls, expectedKey, recording, value, seed, batchTime);
  }

  public StubOptions seed(long value) {
    return new StubOptions(port, tls, expectedKey, recording, models, value, batchTime);
  }

  public StubOptions batchTime(Duration value) {
    return new StubOptions(port, tls, expectedKey, recording, models, seed, value);
  }
}
