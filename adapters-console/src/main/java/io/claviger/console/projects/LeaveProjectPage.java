package io.claviger.console.projects;

import io.claviger.application.projects.ProjectView;
import io.claviger.application.projects.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.ProjectAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectAction;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.web.pages.PageProblem;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;

/** Ends the viewer's own membership, after a page has shown what ends with the membership. */
public final class LeaveProjectPage implements ConsolePage {
  /** The query parameter which says that the viewer's own membership has just ended. */
  private static final String ENDED = "ended";

  private final Projects projects;
  private final Views views;

  public LeaveProjectPage(Projects projects, Views views) {
    this.projects = projects;
    this.views = views;
  }

  static String pathOf(Project.Ref project) {
    return ProjectAddress.path(project) + "/leave";
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    Submission.addPage(
        routes, ProjectAddress.PATTERN + "/leave", visitors, this::show, this::leave);
  }

  private void leave(Visit visit) {
    Submission.of(
        visit,
        form -> {
          Actor actor = visit.signedIn().actor();
          Project.Ref project = demandMember(visit).project().ref();
          Problems.throwIfRefused(
              projects.endShare(
                  actor, project, GranteeName.of(actor.handle().value()), Precondition.NONE));
          // A viewer who is still a member through a group sees the page again, and the page says
          // why the viewer is still a member.
          return isStillMember(actor, project)
              ? Links.to(pathOf(project)).with(ENDED, "yes").toString()
              : Area.PROJECTS.path();
        },
        this::show);
  }

  /** Whether a group of the viewer is a member of the project. */
  private boolean isStillMember(Actor actor, Project.Ref project) {
    return projects
        .find(actor, project)
        .asOptional()
        .filter(view -> ProjectPage.allows(actor, view, ProjectAction.LEAVE))
        .isPresent();
  }

  private void show(Visit visit, int status, FormState form) {
    ProjectView view = demandMember(visit);
    Project.Ref project = view.project().ref();
    views.show(
        visit,
        status,
        Area.PROJECTS,
        "Leave " + project,
        "projectLeave",
        new LeavingView(
            pathOf(project),
            ProjectAddress.path(project),
            project.owner().value(),
            view.relationship().open(),
            visit.query(ENDED).isPresent(),
            form));
  }

  private ProjectView demandMember(Visit visit) {
    Actor actor = visit.signedIn().actor();
    ProjectView view = Problems.valueOf(projects.find(actor, ProjectAddress.of(visit)));
    if (!ProjectPage.allows(actor, view, ProjectAction.LEAVE)) {
      throw new PageProblem(
          403,
          "That did not work",
          "Only members can leave a project. They need an access token that may change things. The"
              + " owner can give the project to somebody, or delete the project.");
    }
    return view;
  }

  /**
   * The page that shows what ends if the viewer leaves a project.
   *
   * @param path the path to which the form is sent
   * @param back the address of the project's page
   * @param open whether everybody can make calls through the project
   * @param ended whether the viewer's own membership has just ended; if so, the viewer is still a
   *     member through a group
   */
  public record LeavingView(
      String path, String back, String owner, boolean open, boolean ended, FormState form) {}
}
