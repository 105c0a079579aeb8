package io.claviger.console.services;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the list of services.
 *
 * @param text the words that were searched for; empty for none
 * @param role the role that was asked for; empty for any
 * @param enabled {@code "true"}, {@code "false"}, or empty for both
 * @param next the address of the next page, if there is one
 */
public record ServiceListModel(
    List<ServiceLine> lines,
    List<String> roles,
    String text,
    String role,
    String enabled,
    @Nullable String next) {
  public ServiceListModel {
    lines = List.copyOf(lines);
    roles = List.copyOf(roles);
  }

  public boolean isFiltered() {
    return !text.isEmpty() || !role.isEmpty() || !enabled.isEmpty();
  }
}
