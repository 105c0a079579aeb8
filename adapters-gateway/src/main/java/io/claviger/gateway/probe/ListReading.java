package io.claviger.gateway.probe;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.formats.ModelListShape;
import io.claviger.domain.formats.ModelListShape.Paging;
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
import java.util.function.Function;

/**
 * Reads a provider's list of models or stored objects page by page. The number of bytes, pages and
 * entries is limited, and so is the time. The calling thread waits until the list has been read.
 *
 * @param pageSize the number of entries to request per page
 * @param mostIds the largest number of ids to read
 * @param longestId the longest accepted id, in characters; longer ids are left out
 */
record ListReading(
    OutboundProbe probe,
    ModelListShape shape,
    Function<String, ProbeRequest> page,
    int pageSize,
    int mostIds,
    int longestId) {
  /** The largest number of bytes of all pages of a list together. */
  static final int MOST_BYTES = 4 << 20;

  /** The largest number of pages of a list. Further pages are not read. */
  static final int MOST_PAGES = 100;

  /**
   * A list, as far as it was read.
   *
   * @param isComplete whether the whole list was read
   */
  record ReadList(List<String> ids, boolean isComplete) {}

  /**
   * Reads the list.
   *
   * @param end the deadline for the whole list, as a value of {@link System#nanoTime}
   * @return empty if the provider returned no readable list, for whatever reason
   */
  Optional<ReadList> read(AuthorizedCall call, long end) {
    Set<String> ids = new LinkedHashSet<>();
    Set<String> cursors = new HashSet<>();
    Optional<String> cursor = Optional.of("");
    int bytesLeft = MOST_BYTES;
    int pages = 0;
    boolean complete = true;
    try (Redactor secrets = CallSecretRedactor.of(call, false)) {
      while (cursor.isPresent() && pages < MOST_PAGES && bytesLeft > 0 && ids.size() < mostIds) {
        pages++;
        Duration left = Duration.ofNanos(end - System.nanoTime());
        Optional<ListCall.ListBody> body =
            left.isPositive()
                ? probe.page(call, page.apply(query(cursor.get())), left, bytesLeft)
                : Optional.empty();
        Optional<ListPage> read = body.flatMap(b -> ListPage.read(shape, b, mostIds));
        if (read.isEmpty()) {
          return Optional.empty();
        }
        bytesLeft -= body.get().length();
        complete &= !body.get().isCut();
        for (String id : read.get().ids()) {
          if (ids.size() < mostIds && isId(id) && !secrets.finds(id)) {
            ids.add(id);
          } else {
            complete = false;
          }
        }
        Optional<String> next = read.get().next();
        cursor = next.filter(cursors::add);
        complete &= cursor.equals(next);
      }
    }
    return Optional.of(
        new ReadList(List.copyOf(ids), complete && cursor.isEmpty() && ids.size() < mostIds));
  }

  private String query(String cursor) {
    Paging paging = shape.paging();
    String size = paging.query(pageSize);
    return cursor.isEmpty()
        ? size
        : size + "&" + paging.after() + "=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
  }

  /** Whether the id is human-readable and can be used in requests. */
  private boolean isId(String id) {
    return !id.isEmpty()
        && id.length() <= longestId
        && id.chars().allMatch(c -> c > ' ' && c <= '~');
  }
}
