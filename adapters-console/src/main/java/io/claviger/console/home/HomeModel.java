package io.claviger.console.home;

import io.claviger.console.services.ServiceLine;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the first page shows.
 *
 * @param needs what waits for the viewer
 * @param services the first services that the viewer may use
 * @param left what is left of the services that have budgets, by their references
 * @param hasMore whether there are more of them
 */
public record HomeModel(
    List<PendingTask> needs,
    List<ServiceLine> services,
    Map<String, String> left,
    boolean hasMore) {
  public HomeModel {
    needs = List.copyOf(needs);
    services = List.copyOf(services);
    left = Map.copyOf(left);
  }

  /**
   * Something that waits for the viewer.
   *
   * @param path the page on which they can do something about it
   * @param at a time that the sentence ends with (ISO 8601); null for none
   */
  public record PendingTask(String what, String path, @Nullable String at) {
    PendingTask(String what, String path) {
      this(what, path, null);
    }
  }
}
