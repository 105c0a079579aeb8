package io.claviger.console.projects;

import io.claviger.application.projects.ProjectView;
import io.claviger.application.projects.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Views;
import io.claviger.console.transfers.OfferPages;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.InstanceAccess;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.transfers.TransferPermissions;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists those projects that the viewer owns or is a member of. */
public final class ProjectListPage implements ConsolePage {
  private static final String PATH = "/console/projects";

  private final Projects projects;
  private final Views views;

  public ProjectListPage(Projects projects, Views views) {
    this.projects = projects;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::show));
  }

  private void show(Visit visit) {
    Actor actor = visit.signedIn().actor();
    Page<ProjectView, Project.Ref> page =
        Problems.valueOf(
            projects.list(actor, actor.handle(), Paging.asked(visit, CursorFormat.PROJECT)));
    views.show(
        visit,
        Area.PROJECTS,
        "Projects",
        "projects",
        new ProjectListView(
            page.items().stream().map(view -> line(actor, view)).toList(),
            Paging.next(page, CursorFormat.PROJECT, Links.to(PATH)),
            actor.mayManage() ? NewProjectPage.PATH : null));
  }

  private static ProjectListView.Line line(Actor actor, ProjectView view) {
    Project project = view.project();
    return new ProjectListView.Line(
        project.ref().toString(),
        project.description().value(),
        role(actor, view),
        view.service().map(Instance.Ref::toString).orElse(null),
        state(view),
        offer(actor, project));
  }

  /**
   * The page on which the viewer can offer a project to another owner; null if the viewer may not
   * offer it.
   */
  static @Nullable String offer(Actor actor, Project project) {
    boolean own = project.owner().equals(actor.id());
    return actor.mayManage() && TransferPermissions.mayOffer(own, actor.administrator(), false)
        ? OfferPages.pathOf(project.ref())
        : null;
  }

  static String role(Actor actor, ProjectView view) {
    return view.project().owner().equals(actor.id())
        ? "owner"
        : view.role().map(Role::wireName).orElse("–");
  }

  static ProjectListView.State state(ProjectView view) {
    return view.access().map(ProjectListPage::state).orElse(UNBOUND);
  }

  private static final ProjectListView.State UNBOUND =
      new ProjectListView.State("no service", "muted");

  private static ProjectListView.State state(InstanceAccess access) {
    return switch (access) {
      case OK -> new ProjectListView.State("ready", "good");
      case REVOKED -> new ProjectListView.State("the owner may not use the service", "warn");
      case DISABLED -> new ProjectListView.State("the service is disabled", "muted");
    };
  }

  /**
   * The page that lists the projects of the viewer.
   *
   * @param next the address of the next page; null on the last page
   * @param create the page on which the viewer can create a project; null if the viewer may not
   *     create one
   */
  public record ProjectListView(
      List<Line> projects, @Nullable String next, @Nullable String create) {
    public ProjectListView {
      projects = List.copyOf(projects);
    }

    /**
     * A project.
     *
     * @param ref {@code owner/handle}
     * @param role the viewer's role in the project; "–" for an administrator who has none
     * @param service the project's service; null if the project has none, or if the viewer can't
     *     see the service
     * @param state a word that says whether calls through the project can use the service, with the
     *     colour of the word
     * @param offer the page on which the viewer can offer the project to another owner; null if the
     *     viewer may not offer the project
     */
    public record Line(
        String ref,
        String description,
        String role,
        @Nullable String service,
        State state,
        @Nullable String offer) {}

    /** A word for a state, and the CSS class that gives the word its colour. */
    public record State(String label, String tone) {}
  }
}
