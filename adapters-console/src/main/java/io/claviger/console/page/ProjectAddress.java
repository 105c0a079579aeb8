package io.claviger.console.page;

import io.claviger.domain.projects.Project;
import io.claviger.web.pages.Visit;

/**
 * The addresses of the pages of a project; they contain the owner and the handle of the project.
 */
public final class ProjectAddress {
  public static final String PATTERN = "/console/projects/{owner}/{handle}";

  private ProjectAddress() {}

  public static Project.Ref of(Visit visit) {
    return Project.Ref.of(visit.pathParam("owner") + "/" + visit.pathParam("handle"));
  }

  public static String path(Project.Ref project) {
    return Area.PROJECTS.path(project.toString());
  }
}
