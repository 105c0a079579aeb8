package io.claviger.console.instances;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.projects.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.sharing.Sharing;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Numbers;
import io.claviger.console.page.Paging;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Deletes a service, after a page has shown what will no longer work without the service. */
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
    Submission.addPage(
        routes, ServiceAddress.PATTERN + "/delete", visitors, this::show, this::delete);
  }

  private void delete(Visit visit) {
    Submission.of(
        visit,
        form -> {
          Problems.throwIfRefused(
              instances.delete(
                  visit.signedIn().actor(),
                  ServiceAddress.of(visit),
                  Versions.of(form).orElse(Precondition.CREATE_ONLY)));
          return Area.SERVICES.path();
        },
        this::show);
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
            holders(visit, view, Links.to(back + "/delete")),
            projects(visit, instance, Links.to(back + "/delete")),
            tokens(visit, instance, Links.to(back + "/delete")),
            form));
  }

  private Part holders(Visit visit, InstanceView view, Links here) {
    Actor actor = visit.signedIn().actor();
    Instance.Ref service = view.instance().ref();
    if (!ServiceRights.of(actor, view).seeShares()) {
      return Part.NONE;
    }
    Page<Share, GranteeName> page =
        Problems.valueOf(
            sharing.list(actor, service, Paging.asked(visit, "holders", CursorFormat.GRANTEE)));
    return new Part(
        page.items().stream().map(share -> share.grantee().name().toString()).toList(),
        Problems.valueOf(sharing.count(actor, service, Optional.empty())),
        Paging.next(page, "holders", CursorFormat.GRANTEE, here));
  }

  private Part projects(Visit visit, Instance service, Links here) {
    Actor actor = visit.signedIn().actor();
    Page<Project.Ref, Project.Ref> page =
        projects.listUsing(
            actor, service.id(), Paging.asked(visit, "projects", CursorFormat.PROJECT));
    return new Part(
        page.items().stream().map(Project.Ref::toString).toList(),
        projects.countUsing(actor, service.id()),
        Paging.next(page, "projects", CursorFormat.PROJECT, here));
  }

  private Part tokens(Visit visit, Instance service, Links here) {
    Actor actor = visit.signedIn().actor();
    Optional<Instance.Ref> only = Optional.of(service.ref());
    Page<AccessToken, TimeCursor> page =
        Problems.valueOf(
            accessTokens.list(
                actor, actor.handle(), only, Paging.asked(visit, "tokens", CursorFormat.TIME)));
    return new Part(
        page.items().stream().map(token -> token.name().value()).toList(),
        Problems.valueOf(accessTokens.count(actor, actor.handle(), only)),
        Paging.next(page, "tokens", CursorFormat.TIME, here));
  }

  /**
   * Objects of one kind, such as shares, that are affected when a service is deleted.
   *
   * @param names the names of the objects that this page lists
   * @param counted the total number of objects of the kind
   * @param next the address of the next page; null on the last page
   */
  public record Part(List<String> names, int counted, @Nullable String next) {
    private static final Part NONE = new Part(List.of(), 0, null);

    public Part {
      names = List.copyOf(names);
    }

    /** Returns the number together with a noun, such as "1 share" or "2 shares". */
    public String count(String one, String several) {
      return Numbers.counted(counted, one, several);
    }

    public boolean isEmpty() {
      return counted == 0;
    }
  }

  /**
   * The page that shows what will no longer work if a service is deleted.
   *
   * @param path the path to which the form for deleting the service is sent
   * @param back the address of the service's page
   * @param offer the page on which the viewer can offer the service to another owner; null if the
   *     viewer may not offer the service
   * @param holders the users and groups who will no longer be able to use the service
   * @param projects the projects that use the service and therefore prevent its deletion, as far as
   *     the viewer can see them
   * @param tokens the names of those access tokens of the viewer that work only for this service
   */
  public record DeleteView(
      String path,
      String back,
      @Nullable String offer,
      boolean hasKey,
      long version,
      Part holders,
      Part projects,
      Part tokens,
      FormState form) {}
}
