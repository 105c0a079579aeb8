package io.claviger.console.groups;

import io.claviger.console.page.FormState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The list of groups.
 *
 * @param next the address of the next page; null on the last one
 * @param mayCreate whether the viewer may create groups
 */
public record GroupListModel(
    List<GroupLine> groups, @Nullable String next, boolean mayCreate, FormState form) {
  public GroupListModel {
    groups = List.copyOf(groups);
  }
}
