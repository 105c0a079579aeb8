package io.claviger.console.projects;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The projects of the viewer.
 *
 * @param next the address of the next page; null on the last one
 */
public record ProjectListModel(List<Line> projects, @Nullable String next) {
  public ProjectListModel {
    projects = List.copyOf(projects);
  }

  /**
   * A project.
   *
   * @param ref {@code owner/handle}
   * @param role the viewer's; "–" for an administrator without one
   * @param service the service behind it; null if there is none, or none that the viewer sees
   * @param state whether the service can be used through it: a word and its colour
   * @param offer the page on which it is offered to another owner; null if the viewer may not
   */
  public record Line(
      String ref,
      String description,
      String role,
      @Nullable String service,
      State state,
      @Nullable String offer) {}

  /** A word and the class of the style sheet that colours it. */
  public record State(String label, String tone) {}
}
