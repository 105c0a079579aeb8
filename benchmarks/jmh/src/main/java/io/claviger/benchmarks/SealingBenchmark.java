package io.claviger.benchmarks;

import io.claviger.custody.Keyring;
import io.claviger.custody.TinkSealer;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.standards.KeyPlacement;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Measures how long it takes to seal and to open an API key of 51 characters. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SealingBenchmark {
  private final TinkSealer sealer =
      new TinkSealer(
          Keyring.of("a-key-for-measuring-0123456789-0123456789".getBytes(StandardCharsets.UTF_8)));
  private final Secret secret =
      Secret.takingOver(("sk-" + "0123456789abcdef".repeat(3)).getBytes(StandardCharsets.UTF_8));
  private final KeyBinding binding =
      KeyBinding.ofApiKey(
          new Instance.Id(new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0001L)),
          new Destination(Endpoint.of("https://api.openai.com/v1"), KeyPlacement.BEARER));
  private final SealedValue value = sealer.seal(secret, binding);

  @Benchmark
  public SealedValue seal() {
    return sealer.seal(secret, binding);
  }

  @Benchmark
  public boolean open() {
    try (Secret opened = sealer.open(value, binding).orElseThrow()) {
      return opened != secret;
    }
  }
}
