package io.claviger.console.transfers;

import io.claviger.application.instances.Instances;
import io.claviger.application.projects.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.transfers.FormerReferences;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.FormState;
import io.claviger.console.page.ProjectAddress;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.transfers.FormerReference;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.util.List;

/** Shows the former references of a service or project, and ends all of them. */
public final class FormerReferencePages implements ConsolePage {
  private static final String PAGE = "/former-references";

  private final FormerReferences references;
  private final Instances instances;
  private final Projects projects;
  private final Views views;

  public FormerReferencePages(
      FormerReferences references, Instances instances, Projects projects, Views views) {
    this.references = references;
    this.instances = instances;
    this.projects = projects;
    this.views = views;
  }

  /**
   * @param page the address of the service's or project's page
   */
  public static String pathOf(String page) {
    return page + PAGE;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    Submission.addPage(
        routes, ServiceAddress.PATTERN + PAGE, visitors, this::showService, this::endOfService);
    Submission.addPage(
        routes, ProjectAddress.PATTERN + PAGE, visitors, this::showProject, this::endOfProject);
  }

  private void endOfService(Visit visit) {
    Submission.of(
        visit,
        form -> {
          Instance.Ref ended =
              Problems.valueOf(references.end(visit.signedIn().actor(), ServiceAddress.of(visit)));
          return pathOf(ServiceAddress.path(ended));
        },
        this::showService);
  }

  private void endOfProject(Visit visit) {
    Submission.of(
        visit,
        form -> {
          Project.Ref ended =
              Problems.valueOf(references.end(visit.signedIn().actor(), ProjectAddress.of(visit)));
          return pathOf(ProjectAddress.path(ended));
        },
        this::showProject);
  }

  private void showService(Visit visit, int status, FormState form) {
    Actor actor = visit.signedIn().actor();
    Instance.Ref service =
        Problems.valueOf(instances.find(actor, ServiceAddress.of(visit))).instance().ref();
    show(
        visit,
        status,
        Area.SERVICES,
        service.toString(),
        ServiceAddress.path(service),
        Problems.valueOf(references.of(actor, service)),
        form);
  }

  private void showProject(Visit visit, int status, FormState form) {
    Actor actor = visit.signedIn().actor();
    Project.Ref project =
        Problems.valueOf(projects.find(actor, ProjectAddress.of(visit))).project().ref();
    show(
        visit,
        status,
        Area.PROJECTS,
        project.toString(),
        ProjectAddress.path(project),
        Problems.valueOf(references.of(actor, project)),
        form);
  }

  private void show(
      Visit visit,
      int status,
      Area area,
      String ref,
      String page,
      List<FormerReference> former,
      FormState form) {
    views.show(
        visit,
        status,
        area,
        "Former references of " + ref,
        "formerReferences",
        new FormerReferencesView(
            pathOf(page),
            page,
            ref,
            former.stream()
                .map(
                    one ->
                        new FormerReferencesView.Line(
                            one.owner() + "/" + one.handle(), one.until().toString()))
                .toList(),
            form));
  }

  /**
   * The former references of a service or project.
   *
   * @param path the path to which the form for ending all former references is sent
   * @param back the address of the service's or project's page
   * @param ref the present reference
   */
  public record FormerReferencesView(
      String path, String back, String ref, List<Line> references, FormState form) {
    public FormerReferencesView {
      references = List.copyOf(references);
    }

    /**
     * A former reference.
     *
     * @param until the time at which the former reference ends automatically (ISO 8601)
     */
    public record Line(String ref, String until) {}
  }
}
