package io.claviger.console.instances;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.projects.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.sharing.Sharing;
import io.claviger.console.instances.ServicePage.ServiceView;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.FormState;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Deletes a service after showing what will no longer work. */
public final class DeletePages implements ConsolePage {
  private final AccessTokens accessTokens;
  private final Instances instances;
  private final Sharing sharing;
  private final Projects projects;
  private final Views views;

  public DeletePages(
      AccessTokens accessTokens,
      Instances instances,
      Sharing sharing,
      Projects projects,
      Views views) {
    this.accessTokens = accessTokens;
    this.instances = instances;
    this.sharing = sharing;
    this.projects = projects;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes
        .pageAt(ServiceAddress.PATTERN + "/delete")
        .openGet(visitors.signedIn(visit -> show(visit, 200, FormState.EMPTY)))
        .openPost(visitors.signedIn(this::delete));
  }

  private void delete(Visit visit) {
    Submission.of(
        visit,
        Set.of(),
        form -> {
          Instance.Ref unused =
              Problems.valueOf(
                  instances.delete(
                      visit.signedIn().actor(),
                      ServiceAddress.of(visit),
                      Versions.of(form).orElse(Versions.NEW)));
          return Area.SERVICES.path();
        },
        (problem, sent) -> show(visit, problem.status(), sent.with(problem)));
  }

  private void show(Visit visit, int status, FormState form) {
    Actor actor = visit.signedIn().actor();
    InstanceView view = Problems.valueOf(instances.find(actor, ServiceAddress.of(visit)));
    Instance instance = view.instance();
    String back = ServiceAddress.path(instance.ref());
    views.show(
        visit,
        status,
        Area.SERVICES,
        "Delete " + instance.ref(),
        "serviceDelete",
        new DeleteView(
            back + "/delete",
            back,
            ServiceRights.of(actor, view).mayOffer() ? back + "/transfer" : null,
            instance.hasApiKey(),
            instance.version(),
            holders(actor, view),
            projects(actor, instance.ref()),
            tokens(actor, instance),
            form));
  }

  private List<String> holders(Actor actor, InstanceView view) {
    return ServiceRights.of(actor, view).seeShares()
        ? Holders.of(sharing, actor, view.instance().ref()).stream()
            .map(ServiceView.Holder::name)
            .toList()
        : List.of();
  }

  private List<String> projects(Actor actor, Instance.Ref service) {
    return Problems.valueOf(
            this.projects.list(
                actor,
                actor.handle(),
                new PageRequest<Project.Ref>(Optional.empty(), PageRequest.MAX_LIMIT)))
        .items()
        .stream()
        .filter(project -> project.service().equals(Optional.of(service)))
        .map(project -> project.project().ref().toString())
        .toList();
  }

  private List<String> tokens(Actor actor, Instance instance) {
    return Problems.valueOf(
            accessTokens.list(
                actor,
                actor.handle(),
                new PageRequest<TimeCursor>(Optional.empty(), PageRequest.MAX_LIMIT)))
        .items()
        .stream()
        .filter(
            token ->
                token
                    .restriction()
                    .filter(only -> only.allowsService(instance.id().value()))
                    .isPresent())
        .map(token -> token.name().value())
        .toList();
  }

  /**
   * The page that says what no longer works when a service is deleted.
   *
   * @param path the path to which the form is sent
   * @param back the page of the service
   * @param offer the page on which the service is offered to somebody else; null if the viewer
   *     can't do that
   * @param holders the users and groups who can no longer use the service
   * @param projects the projects that the viewer can see and that keep it from being deleted
   * @param tokens the names of the viewer's access tokens that work for this service alone
   */
  public record DeleteView(
      String path,
      String back,
      @Nullable String offer,
      boolean hasKey,
      long version,
      List<String> holders,
      List<String> projects,
      List<String> tokens,
      FormState form) {
    public DeleteView {
      holders = List.copyOf(holders);
      projects = List.copyOf(projects);
      tokens = List.copyOf(tokens);
    }
  }
}
