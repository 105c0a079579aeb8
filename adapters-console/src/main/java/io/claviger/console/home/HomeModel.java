package io.claviger.console.home;

import io.claviger.console.services.ServiceLine;
import java.util.List;

/**
 * What the first page shows.
 *
 * @param needs what waits for the viewer
 * @param services the first services that the viewer may use
 * @param hasMore whether there are more of them
 */
public record HomeModel(List<Need> needs, List<ServiceLine> services, boolean hasMore) {
  public HomeModel {
    needs = List.copyOf(needs);
    services = List.copyOf(services);
  }

  /**
   * Something that waits for the viewer.
   *
   * @param path the page on which they can do something about it
   */
  public record Need(String what, String path) {}
}
