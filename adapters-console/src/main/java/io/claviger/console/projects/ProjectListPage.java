package io.claviger.console.projects;

import io.claviger.application.projects.ProjectView;
import io.claviger.application.projects.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.console.page.Area;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Views;
import io.claviger.console.transfers.OfferPages;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.InstanceAccess;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.domain.transfers.TransferPermissions;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.util.Locale;

/** Lists the projects that the viewer owns or is a member of. */
public final class ProjectListPage {
  private static final String PATH = "/console/projects";

  private final Projects projects;
  private final Views views;

  public ProjectListPage(Projects projects, Views views) {
    this.projects = projects;
    this.views = views;
  }

  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::show));
  }

  private void show(Visit visit) {
    Actor actor = visit.signedIn().actor();
    Page<ProjectView, ProjectRef> page =
        Problems.valueOf(
            projects.list(actor, actor.handle(), Paging.asked(visit, CursorFormat.PROJECT)));
    views.show(
        visit,
        Area.SERVICES,
        "Projects",
        "projects",
        new ProjectListModel(
            page.items().stream().map(view -> line(actor, view)).toList(),
            Paging.next(page, CursorFormat.PROJECT, Links.to(PATH))));
  }

  private static ProjectListModel.Line line(Actor actor, ProjectView view) {
    Project project = view.project();
    boolean own = project.owner().equals(actor.id());
    boolean mayOffer =
        actor.mayManage() && TransferPermissions.mayOffer(own, actor.administrator(), false);
    return new ProjectListModel.Line(
        project.ref().toString(),
        project.description().value(),
        own ? "owner" : view.role().map(role -> role.name().toLowerCase(Locale.ROOT)).orElse("–"),
        view.service().map(InstanceRef::toString).orElse(null),
        view.access().map(ProjectListPage::state).orElse(UNBOUND),
        mayOffer ? OfferPages.pathOf(project.ref()) : null);
  }

  private static final ProjectListModel.State UNBOUND =
      new ProjectListModel.State("no service", "muted");

  private static ProjectListModel.State state(InstanceAccess access) {
    return switch (access) {
      case OK -> new ProjectListModel.State("ready", "good");
      case REVOKED -> new ProjectListModel.State("the owner may not use the service", "warn");
      case DISABLED -> new ProjectListModel.State("the service is disabled", "muted");
    };
  }
}
