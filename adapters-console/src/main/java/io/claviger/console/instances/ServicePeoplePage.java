package io.claviger.console.instances;

import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.projects.Projects;
import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.sharing.Sharing;
import io.claviger.console.limits.LimitWords;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.SharesToEnd;
import io.claviger.console.page.Views;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows who holds shares of a service. The page can end the shares of several holders in one step.
 */
public final class ServicePeoplePage implements ConsolePage {
  /** The query parameter that says where the page begins in the list of open projects. */
  private static final String OPEN = "open";

  private final Instances instances;
  private final Sharing sharing;
  private final Projects projects;
  private final Views views;

  public ServicePeoplePage(Instances instances, Sharing sharing, Projects projects, Views views) {
    this.instances = instances;
    this.sharing = sharing;
    this.projects = projects;
    this.views = views;
  }

  /** Returns the address of this page for a service. */
  public static String pathOf(Instance.Ref service) {
    return ServiceAddress.path(service) + ServiceTab.PEOPLE.address();
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    String path = ServiceAddress.PATTERN + ServiceTab.PEOPLE.address();
    routes.pageAt(path).openGet(visitors.signedIn(this::show));
    visitors.addPage(
        routes,
        path + "/end",
        visit -> visit.redirect(pathOf(ServiceAddress.of(visit))),
        this::end);
  }

  private void show(Visit visit) {
    Actor actor = visit.signedIn().actor();
    InstanceView view = Problems.valueOf(instances.find(actor, ServiceAddress.of(visit)));
    Instance.Ref service = view.instance().ref();
    Page<ProjectStore.OpenProject, Project.Ref> open =
        Problems.valueOf(
            projects.listOpenBy(actor, service, Paging.asked(visit, OPEN, CursorFormat.PROJECT)));
    views.show(
        visit,
        Area.SERVICES,
        "People of " + service,
        "servicePeople",
        new PeopleView(
            ServiceHead.of(actor, view, ServiceTab.PEOPLE),
            Holders.asked(sharing, visit, service),
            open.items().stream().map(OpenLine::of).toList(),
            Paging.next(open, OPEN, CursorFormat.PROJECT, Links.to(pathOf(service)))));
  }

  /**
   * Ends the selected shares after a page has shown the names of everybody who would lose their
   * share, and has asked for confirmation.
   */
  private void end(Visit visit) {
    Actor actor = visit.signedIn().actor();
    Instance.Ref service = ServiceAddress.of(visit);
    SharesToEnd.submit(
        visit,
        pathOf(service),
        new SharesToEnd.Shared(
            (name, unchanged) -> sharing.end(actor, service, name, unchanged),
            name -> sharing.find(actor, service, name)),
        chosen -> askForEnd(visit, service, chosen));
  }

  private void askForEnd(Visit visit, Instance.Ref service, List<SharesToEnd.Chosen> chosen) {
    Instance.Ref shown =
        Problems.valueOf(instances.find(visit.signedIn().actor(), service)).instance().ref();
    views.show(
        visit,
        Area.SERVICES,
        "End shares of " + shown,
        "endShares",
        new SharesToEnd(
            pathOf(shown),
            shown.toString(),
            "by their own shares. What they lent to others by these shares ends too.",
            chosen));
  }

  /**
   * Shows who holds shares of a service.
   *
   * @param open the page of the projects through which everybody can use the service
   * @param nextOpen the address of the page with further such projects; null if there are none
   */
  public record PeopleView(
      ServiceHead head, Holders holders, List<OpenLine> open, @Nullable String nextOpen) {
    public PeopleView {
      open = List.copyOf(open);
    }

    public ServiceRights rights() {
      return head.rights();
    }

    public String lendPath() {
      return head.path() + "/lend";
    }

    public String box(Holders.Holder holder) {
      return SharesToEnd.box(holder.name());
    }
  }

  /**
   * A project through which every user can use the service.
   *
   * @param holder the project's owner, if this owner only has a share of the service; empty if this
   *     owner also owns the service
   * @param limits the limits that the project has for each person, in words; empty if it has none
   */
  public record OpenLine(String project, String holder, String limits) {
    static OpenLine of(ProjectStore.OpenProject open) {
      return new OpenLine(
          open.ref().toString(),
          open.byShare() ? open.ref().owner().value() : "",
          open.limits().isNone() ? "" : LimitWords.listed(open.limits()));
    }
  }
}
