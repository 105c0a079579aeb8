package io.claviger.gateway.probe;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.routing.port.ModelListSource;
import io.claviger.domain.formats.ModelListShape;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Requests lists of models from providers, under the same rules as the gateway's calls. */
public final class OutboundModelLists implements ModelListSource {
  private static final int PAGE = 1_000;

  /**
   * The maximum number of concurrently read lists. The limit protects the memory, because each list
   * can occupy {@link ListReading#MOST_BYTES}.
   */
  static final int AT_ONCE = 16;

  private final OutboundProbe probe;
  private final Semaphore places = new Semaphore(AT_ONCE, true);

  /**
   * @param probe the prober, whose event loop and connections are used
   */
  public OutboundModelLists(OutboundProbe probe) {
    this.probe = probe;
  }

  @Override
  public Optional<List<String>> models(AuthorizedCall call, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    if (!isAdmitted(atMost)) {
      return Optional.empty();
    }
    try {
      return models(call, end);
    } finally {
      places.release();
    }
  }

  private boolean isAdmitted(Duration atMost) {
    try {
      return places.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Optional<List<String>> models(AuthorizedCall call, long end) {
    ModelListShape shape = call.standard().format().api().modelList();
    return new ListReading(
            probe,
            shape,
            query -> ProbeRequest.page(call.standard(), call.endpoint(), query),
            PAGE,
            MOST,
            LONGEST)
        .read(call, end)
        .map(ListReading.ReadList::ids);
  }
}
