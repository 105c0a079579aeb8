package io.claviger.gateway.probe;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.routing.port.OfferSource;
import io.claviger.domain.formats.ModelListShape.Paging;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.redact.CallSecretRedactor;
import io.claviger.gateway.redact.Redactor;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Asks providers for their models under the same rules as the gateway's calls. */
public final class OutboundOffers implements OfferSource {
  /** The most bytes that all pages of a list may have together. */
  static final int MOST_BYTES = 4 << 20;

  /** The most pages of a list. A longer list ends here. */
  static final int MOST_PAGES = 100;

  /** The most lists that are read at the same time, because each may take {@link #MOST_BYTES}. */
  static final int AT_ONCE = 16;

  private final OutboundProbe probe;
  private final Semaphore places = new Semaphore(AT_ONCE, true);

  /**
   * @param probe the probe whose event loop and connections are used
   */
  public OutboundOffers(OutboundProbe probe) {
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
    WireFormat format = call.standard().format();
    Set<String> ids = new LinkedHashSet<>();
    Set<String> cursors = new HashSet<>();
    Optional<String> cursor = Optional.of("");
    int bytesLeft = MOST_BYTES;
    try (Redactor secrets = CallSecretRedactor.of(call, false)) {
      for (int pages = 0; cursor.isPresent() && pages < MOST_PAGES && bytesLeft > 0; pages++) {
        ProbeRequest request =
            ProbeRequest.page(
                call.standard(),
                call.endpoint(),
                query(format.api().modelList().paging(), cursor.get()));
        Duration left = Duration.ofNanos(end - System.nanoTime());
        Optional<OfferCall.OfferBody> body =
            left.isPositive() ? probe.page(call, request, left, bytesLeft) : Optional.empty();
        Optional<OfferPage> page = body.flatMap(b -> OfferPage.read(format, b, MOST));
        if (page.isEmpty()) {
          return Optional.empty();
        }
        bytesLeft -= body.get().length();
        for (String id : page.get().ids()) {
          if (ids.size() < MOST && isId(id) && !secrets.finds(id)) {
            ids.add(id);
          }
        }
        cursor = page.get().next().filter(cursors::add).filter(next -> ids.size() < MOST);
      }
    }
    return Optional.of(List.copyOf(ids));
  }

  private static String query(Paging paging, String cursor) {
    String size = paging.query(1000);
    return cursor.isEmpty()
        ? size
        : size + "&" + paging.after() + "=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
  }

  /** Whether people can read the id and requests can name it. */
  private static boolean isId(String id) {
    return !id.isEmpty() && id.length() <= LONGEST && id.chars().allMatch(c -> c > ' ' && c <= '~');
  }
}
