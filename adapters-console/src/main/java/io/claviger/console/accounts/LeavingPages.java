package io.claviger.console.accounts;

import io.claviger.application.accounts.Users;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.projects.ProjectView;
import io.claviger.application.projects.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.transfers.Transfers;
import io.claviger.application.transfers.Transfers.TransferOffer;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.console.transfers.TransferLine;
import io.claviger.console.transfers.TransferPages;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferPermissions;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Deletes an account. Before an account is deleted, a page lists everything that will be deleted or
 * will end together with the account. If the viewer may offer the services and projects of the
 * account to others, the page first lets the viewer offer them to another user, the heir.
 */
public final class LeavingPages implements ConsolePage {
  private static final String PATH = "/console/people/{user}";
  private static final Set<String> HEIR_FIELDS = Set.of("to");

  /**
   * The maximum number of services, and of projects, that the page lists and one offer contains.
   */
  private static final int MOST_OF_A_KIND = Transfer.MOST_ITEMS / 2;

  private final Users users;
  private final Instances instances;
  private final Projects projects;
  private final Transfers transfers;
  private final Views views;

  public LeavingPages(
      Users users, Instances instances, Projects projects, Transfers transfers, Views views) {
    this.users = users;
    this.instances = instances;
    this.projects = projects;
    this.transfers = transfers;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(
        routes,
        PATH + "/delete",
        visit -> warn(visit, 200, found(visit), FormState.EMPTY),
        this::delete);
    routes.pageAt(PATH + "/heir").openPost(visitors.signedIn(this::offer));
  }

  /**
   * The services and projects that an account owns, up to the number that one offer can contain.
   */
  private record Estate(
      List<Instance.Ref> services,
      boolean moreServices,
      List<Project.Ref> projects,
      boolean moreProjects) {
    boolean isEmpty() {
      return services.isEmpty() && projects.isEmpty();
    }
  }

  private void delete(Visit visit) {
    User user = found(visit);
    Submission.of(
        visit,
        Set.of("force"),
        form -> {
          Fields fields = new Fields(form);
          var precondition = Versions.required(fields);
          Problems.throwIfRefused(
              users.delete(
                  visit.signedIn().actor(),
                  user.handle(),
                  fields.check(precondition::orElseThrow),
                  form.value("force").isPresent()));
          return Area.PEOPLE.path();
        },
        (problem, sent) -> warn(visit, problem.status(), user, sent.with(problem)));
  }

  private void offer(Visit visit) {
    User user = found(visit);
    Submission.of(
        visit,
        HEIR_FIELDS,
        form -> {
          TransferOffer offer = offer(form, estate(visit.signedIn().actor(), user.handle()));
          Transfer offered = Problems.valueOf(transfers.offer(visit.signedIn().actor(), offer));
          return TransferPages.pathOf(offered.id());
        },
        (problem, sent) ->
            warn(visit, problem.status(), user, sent.with(problem, LeavingPages::fieldOf)));
  }

  private static TransferOffer offer(Form form, Estate estate) {
    Fields fields = new Fields(form);
    Optional<Handle> heir =
        fields.required("to", "Name the user who gets the services and projects.", Handle::new);
    return fields.check(
        () -> new TransferOffer(estate.services(), estate.projects(), heir.orElseThrow()));
  }

  /**
   * The form has no fields for the offered services and projects, so a fault of one of them is not
   * shown next to a field.
   */
  private static String fieldOf(String pointer) {
    return pointer.equals("/to") ? "to" : "";
  }

  private void warn(Visit visit, int status, User user, FormState form) {
    Actor actor = visit.signedIn().actor();
    Estate estate = estate(actor, user.handle());
    views.show(
        visit,
        status,
        Area.PEOPLE,
        "Delete " + user.handle(),
        "leaving",
        new LeavingView(
            PersonLine.of(user),
            estate.services().stream().map(Instance.Ref::toString).toList(),
            estate.moreServices(),
            estate.projects().stream().map(Project.Ref::toString).toList(),
            estate.moreProjects(),
            !estate.isEmpty() && mayOffer(actor, user),
            mayOffer(actor, user) ? openOffers(actor, user) : List.of(),
            Transfer.OPEN_FOR.toDays(),
            KnownTokens.of(users, actor, user),
            form));
  }

  private static boolean mayOffer(Actor actor, User owner) {
    return TransferPermissions.mayOffer(
        owner.id().equals(actor.id()), actor.administrator(), owner.suspendedAt().isPresent());
  }

  private List<TransferLine> openOffers(Actor actor, User giver) {
    return Problems.valueOf(transfers.openOf(actor, giver.id())).stream()
        .map(transfer -> TransferLine.of(transfer, actor))
        .toList();
  }

  private Estate estate(Actor actor, Handle owner) {
    InstanceFilter owned = InstanceFilter.NONE.withOwner(owner);
    Page<InstanceView, ?> services = Problems.valueOf(instances.list(actor, owner, owned, first()));
    List<Project.Ref> projects = ownProjects(actor, owner);
    return new Estate(
        services.items().stream().map(view -> view.instance().ref()).toList(),
        services.next().isPresent(),
        projects.stream().limit(MOST_OF_A_KIND).toList(),
        projects.size() > MOST_OF_A_KIND);
  }

  /**
   * Returns the first projects that an account owns. If there are more projects than the page
   * lists, the result has one more than the page lists. The list that this method reads also
   * contains projects of other owners of which the account is a member. Those projects can come
   * before the account's own projects in the list.
   */
  private List<Project.Ref> ownProjects(Actor actor, Handle owner) {
    List<Project.Ref> own = new ArrayList<>();
    Optional<Project.Ref> after = Optional.empty();
    do {
      Page<ProjectView, Project.Ref> page =
          Problems.valueOf(
              projects.list(actor, owner, new PageRequest<>(after, PageRequest.MAX_LIMIT)));
      page.items().stream()
          .map(view -> view.project().ref())
          .filter(ref -> ref.owner().equals(owner))
          .forEach(own::add);
      after = page.next();
    } while (after.isPresent() && own.size() <= MOST_OF_A_KIND);
    return own;
  }

  private static <P> PageRequest<P> first() {
    return new PageRequest<>(Optional.empty(), MOST_OF_A_KIND);
  }

  private User found(Visit visit) {
    return Problems.valueOf(
        users.find(visit.signedIn().actor(), new Handle(visit.pathParam("user"))));
  }

  /**
   * The page that is shown before an account is deleted; it says what else is deleted or ends with
   * the account.
   *
   * @param services the references of the services that would be deleted; only the first references
   *     if there are many
   * @param projects the references of the projects that would be deleted; only the first references
   *     if there are many
   * @param moreServices whether more services would be deleted than those in {@code services}
   * @param moreProjects whether more projects would be deleted than those in {@code projects}
   * @param mayOffer whether the viewer may offer the services and projects of the account to an
   *     heir
   * @param offers the open offers of the services and projects of the account, if the viewer may
   *     offer them
   * @param openFor the number of days within which an heir can accept the offer
   * @param known the service accounts whose access tokens the person might know
   */
  public record LeavingView(
      PersonLine person,
      List<String> services,
      boolean moreServices,
      List<String> projects,
      boolean moreProjects,
      boolean mayOffer,
      List<TransferLine> offers,
      long openFor,
      KnownTokens known,
      FormState form) {
    public LeavingView {
      services = List.copyOf(services);
      projects = List.copyOf(projects);
      offers = List.copyOf(offers);
    }
  }
}
