package io.claviger.application.fakes;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.application.gateway.ConnectionStatus;
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
 * {@link ProviderProbe} that calls nobody: it remembers what it was asked and answers as it was
 * told.
 */
public final class InMemoryProviderProbe implements ProviderProbe {
  /** What a provider that takes the key answers. */
  public static final Probed OK =
      new Probed(ConnectionStatus.OK, OptionalInt.of(200), Duration.ofMillis(12));

  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile Function<Asked, CompletableFuture<Probed>> answer =
      it -> CompletableFuture.completedFuture(OK);

  /**
   * What it was asked.
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

  /** Answers the same to all from now on. */
  public void answers(Probed probed) {
    answers(it -> CompletableFuture.completedFuture(probed));
  }

  /** Answers each as it is asked, at once or later. */
  public void answers(Function<Asked, CompletableFuture<Probed>> each) {
    this.answer = each;
  }

  /** What it was asked, first things first. */
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
