package io.claviger.console.requests;

import io.claviger.console.page.FormState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Requests that the viewer made or is asked for.
 *
 * @param filters which of them
 * @param next the address of the next page; null on the last one
 */
public record RequestListModel(
    FormState filters, List<BorrowRequestLine> requests, @Nullable String next) {
  public RequestListModel {
    requests = List.copyOf(requests);
  }

  /** Whether only some requests are wanted. */
  public boolean isFiltered() {
    return !filters.value("asked").isEmpty() || !filters.value("state").isEmpty();
  }
}
