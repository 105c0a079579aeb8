package io.claviger.stub;

import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a stub provider.
 *
 * @param port the port; 0 picks a free one
 * @param tls a server context; without it the stub does not use TLS
 * @param expectedKey the only accepted credential; others are answered with 401. If null, every
 *     credential is accepted
 * @param recording whether requests are kept; benchmarks turn it off, because kept requests are
 *     never dropped
 * @param models the models that the lists of models show; any other model is served too
 * @param seed decides which calls ignore the key of the prompt cache, and so find input that was
 *     sent with another key
 * @param batchTime how long a batch takes
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
