package io.claviger.console.transfers;

import io.claviger.application.instances.Instances;
import io.claviger.application.projects.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.transfers.Transfers;
import io.claviger.application.transfers.Transfers.TransferOffer;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.ProjectAddress;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.transfers.Transfer;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Offers a service or a project to another user, who becomes its owner by accepting the offer. */
public final class OfferPages implements ConsolePage {
  private static final String PROJECTS = "/console/projects";
  private static final Set<String> FIELDS = Set.of("to");

  private final Instances instances;
  private final Projects projects;
  private final Transfers transfers;
  private final Views views;

  public OfferPages(Instances instances, Projects projects, Transfers transfers, Views views) {
    this.instances = instances;
    this.projects = projects;
    this.transfers = transfers;
    this.views = views;
  }

  public static String pathOf(Project.Ref project) {
    return PROJECTS + "/" + project + "/transfer";
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(
        routes,
        ServiceAddress.PATTERN + "/transfer",
        visit -> show(visit, 200, service(visit), FormState.EMPTY),
        visit -> offer(visit, service(visit)));
    visitors.addPage(
        routes,
        PROJECTS + "/{owner}/{handle}/transfer",
        visit -> show(visit, 200, project(visit), FormState.EMPTY),
        visit -> offer(visit, project(visit)));
  }

  /**
   * The service or project that is offered to another user.
   *
   * @param back the address of the page from which the viewer came
   * @param to the action that offers the service or project to the user with the given handle
   */
  private record Thing(
      String ref, boolean project, String path, String back, Function<Handle, TransferOffer> to) {}

  /**
   * Returns the service that is offered. If the viewer can't see the service, the answer reveals
   * nothing about it.
   */
  private Thing service(Visit visit) {
    Actor actor = visit.signedIn().actor();
    Instance.Ref ref =
        Problems.valueOf(instances.find(actor, ServiceAddress.of(visit))).instance().ref();
    String page = ServiceAddress.path(ref);
    return new Thing(
        ref.toString(),
        false,
        page + "/transfer",
        page,
        to -> new TransferOffer(List.of(ref), List.of(), to));
  }

  private Thing project(Visit visit) {
    Actor actor = visit.signedIn().actor();
    Project.Ref asked = ProjectAddress.of(visit);
    Project.Ref ref = Problems.valueOf(projects.find(actor, asked)).project().ref();
    return new Thing(
        ref.toString(),
        true,
        pathOf(ref),
        PROJECTS,
        to -> new TransferOffer(List.of(), List.of(ref), to));
  }

  private void offer(Visit visit, Thing thing) {
    Submission.of(
        visit,
        FIELDS,
        form -> {
          Transfer offered =
              Problems.valueOf(transfers.offer(visit.signedIn().actor(), offer(form, thing)));
          return TransferPages.pathOf(offered.id());
        },
        (problem, sent) -> show(visit, problem.status(), thing, sent.with(problem)));
  }

  private static TransferOffer offer(Form form, Thing thing) {
    Fields fields = new Fields(form);
    Optional<Handle> to =
        fields.required("to", "Name the user to whom you offer this.", Handle::new);
    return fields.check(() -> thing.to().apply(to.orElseThrow()));
  }

  private void show(Visit visit, int status, Thing thing, FormState form) {
    views.show(
        visit,
        status,
        Area.TRANSFERS,
        "Give " + thing.ref() + " to somebody",
        "offer",
        new OfferView(
            thing.path(), thing.back(), thing.project(), Transfer.OPEN_FOR.toDays(), form));
  }

  /**
   * The page with the form that offers a service or a project.
   *
   * @param path the path of this page
   * @param back the address of the page from which the viewer came
   * @param project whether a project is offered
   * @param openFor the number of days within which the offer can be accepted
   */
  public record OfferView(
      String path, String back, boolean project, long openFor, FormState form) {}
}
