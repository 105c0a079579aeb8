package io.claviger.application.fakes;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.ConnectionStatus;
import io.claviger.application.gateway.port.ProviderProbe;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeySource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * A {@link ProviderProbe} that calls no provider. It records its calls and returns the answers that
 * it was given.
 */
public final class InMemoryProviderProbe implements ProviderProbe {
  /** The answer of a provider that accepts the key. */
  public static final Probed OK =
      new Probed(
          ConnectionStatus.OK, OptionalInt.of(200), Duration.ofMillis(12), false, Optional.empty());

  /** The answer of a provider that does not accept the key. */
  public static final Probed UNAUTHORIZED =
      new Probed(
          ConnectionStatus.UNAUTHORIZED,
          OptionalInt.of(401),
          Duration.ofMillis(3),
          false,
          Optional.empty());

  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile Function<Asked, CompletableFuture<Probed>> answer =
      it -> CompletableFuture.completedFuture(OK);

  /**
   * One call of the probe.
   *
   * @param key as it was in the clear
   * @param headers {@code name: value}, likewise
   * @param call lets a test see whether it was closed
   */
  public record Asked(
      String service,
      Endpoint endpoint,
      KeySource source,
      Optional<String> key,
      List<String> headers,
      Duration limit,
      AuthorizedCall call) {}

  /** Sets the answer to all following calls. */
  public void answers(Probed probed) {
    answers(it -> CompletableFuture.completedFuture(probed));
  }

  /** Sets a function that answers each call, immediately or later. */
  public void answers(Function<Asked, CompletableFuture<Probed>> each) {
    this.answer = each;
  }

  /** The calls so far, oldest first. */
  public List<Asked> asked() {
    return List.copyOf(asked);
  }

  @Override
  public CompletableFuture<Probed> probe(AuthorizedCall call, Duration limit) {
    Asked it =
        new Asked(
            call.service(),
            call.endpoint(),
            call.source(),
            call.key().map(InMemoryProviderProbe::text),
            call.headers().headers().stream()
                .map(h -> h.name().value() + ": " + text(h.value()))
                .toList(),
            limit,
            call);
    asked.add(it);
    return answer.apply(it);
  }

  private static String text(Secret secret) {
    return secret.lend(bytes -> new String(bytes, StandardCharsets.US_ASCII));
  }
}
