package io.claviger.console.projects;

import io.claviger.application.projects.ProjectView;
import io.claviger.application.projects.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.ProjectAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectAction;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import io.claviger.web.pages.PageProblem;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deletes a project, after a page has shown what ends with the project. */
public final class DeleteProjectPage implements ConsolePage {
  private final Projects projects;
  private final Views views;

  public DeleteProjectPage(Projects projects, Views views) {
    this.projects = projects;
    this.views = views;
  }

  static String pathOf(Project.Ref project) {
    return ProjectAddress.path(project) + "/delete";
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    Submission.addPage(
        routes, ProjectAddress.PATTERN + "/delete", visitors, this::show, this::delete);
  }

  private void delete(Visit visit) {
    Submission.ofDeletion(
        visit,
        version -> projects.delete(visit.signedIn().actor(), ProjectAddress.of(visit), version),
        Area.PROJECTS.path(),
        this::show);
  }

  private void show(Visit visit, int status, FormState form) {
    Actor actor = visit.signedIn().actor();
    ProjectView view = Problems.valueOf(projects.find(actor, ProjectAddress.of(visit)));
    if (!ProjectPage.allows(actor, view, ProjectAction.DELETE)) {
      throw new PageProblem(
          403,
          "That did not work",
          "Only a project's owner and administrators can delete the project. They need an access"
              + " token that may change things.");
    }
    Project project = view.project();
    String path = pathOf(project.ref());
    Page<Share, GranteeName> members =
        Problems.valueOf(
            projects.listShares(actor, project.ref(), Paging.asked(visit, CursorFormat.GRANTEE)));
    views.show(
        visit,
        status,
        Area.PROJECTS,
        "Delete " + project.ref(),
        "projectDelete",
        new ProjectDeletionView(
            path,
            ProjectAddress.path(project.ref()),
            ProjectListPage.offer(actor, project),
            project.version(),
            project.isOpen(),
            members.items().stream().map(share -> share.grantee().name().toString()).toList(),
            Paging.next(members, CursorFormat.GRANTEE, Links.to(path)),
            form));
  }

  /**
   * The page that shows what ends if a project is deleted.
   *
   * @param path the path to which the form for deleting the project is sent
   * @param back the address of the project's page
   * @param offer the page on which the viewer can offer the project to another owner; null if the
   *     viewer may not offer the project
   * @param open whether everybody can make calls through the project
   * @param members one page of the users and groups that will no longer be able to make calls
   *     through the project
   * @param next the address of the next page of members; null on the last page
   */
  public record ProjectDeletionView(
      String path,
      String back,
      @Nullable String offer,
      long version,
      boolean open,
      List<String> members,
      @Nullable String next,
      FormState form) {
    public ProjectDeletionView {
      members = List.copyOf(members);
    }
  }
}
