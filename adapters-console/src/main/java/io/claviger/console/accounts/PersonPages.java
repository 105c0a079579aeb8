package io.claviger.console.accounts;

import io.claviger.application.accounts.Users;
import io.claviger.application.instances.Instances;
import io.claviger.application.instances.Instances.UsableInstance;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.limits.AssignedLimits;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.Precondition;
import io.claviger.console.limits.LimitWords;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Difference;
import io.claviger.console.page.Fact;
import io.claviger.console.page.FieldInputs;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Numbers;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserAction;
import io.claviger.domain.accounts.UserRelationship;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows and changes one person or service account. */
public final class PersonPages implements ConsolePage {
  private static final String PATH = "/console/people/{user}";

  private final Users users;
  private final AssignedLimits assignedLimits;
  private final Instances instances;
  private final Views views;

  public PersonPages(Users users, AssignedLimits assignedLimits, Instances instances, Views views) {
    this.users = users;
    this.instances = instances;
    this.assignedLimits = assignedLimits;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(routes, PATH, this::show, this::change);
  }

  private void show(Visit visit) {
    show(visit, 200, found(visit), Optional.empty(), List.of());
  }

  private void change(Visit visit) {
    User user = found(visit);
    Submission.of(
        visit,
        FieldInputs.names(User.FIELDS, Versions.FIELD),
        form -> {
          Fields fields = new Fields(form);
          FieldWrites writes =
              FieldInputs.changes(fields, user.values(), User.fieldsOf(user.kind()));
          Optional<Precondition> precondition = Versions.required(fields);
          User changed =
              Problems.valueOf(
                  users.update(
                      visit.signedIn().actor(),
                      user.handle(),
                      fields.check(precondition::orElseThrow),
                      writes));
          return PersonLine.of(changed).path();
        },
        (problem, sent) -> refuse(visit, user, problem, sent));
  }

  /**
   * Shows the values that the user typed. If somebody else has changed the same fields, the page
   * also shows the stored values.
   */
  private void refuse(Visit visit, User opened, Problem problem, FormState sent) {
    if (problem.status() != Difference.PRECONDITION_FAILED) {
      show(visit, problem.status(), opened, Optional.of(sent.with(problem)), List.of());
      return;
    }
    User now = found(visit);
    List<Difference> differing = FieldInputs.differing(sent, now.values(), User.FIELDS);
    if (differing.isEmpty()) {
      visit.redirect(PersonLine.of(now).path());
      return;
    }
    FormState again = sent.having(Versions.FIELD, Long.toString(now.version()));
    Problem explained = Difference.problem(problem, "account");
    show(visit, explained.status(), now, Optional.of(again.with(explained)), differing);
  }

  private User found(Visit visit) {
    return Problems.valueOf(
        users.find(visit.signedIn().actor(), new Handle(visit.pathParam("user"))));
  }

  private void show(
      Visit visit, int status, User user, Optional<FormState> sent, List<Difference> differing) {
    Actor actor = visit.signedIn().actor();
    List<String> limits =
        LimitWords.of(Problems.valueOf(assignedLimits.ofUser(actor, user.handle())).limits());
    List<ScalarField<?>> changeable = changeable(actor, user);
    FormState form =
        sent.orElseGet(
            () ->
                FormState.of(FieldInputs.shown(user.values(), changeable))
                    .having(Versions.FIELD, Long.toString(user.version())));
    views.show(
        visit,
        status,
        Area.PEOPLE,
        user.handle().value(),
        "person",
        new PersonView(
            PersonLine.of(user),
            Fact.of(user.values(), User.fieldsOf(user.kind())),
            actor.administrator(),
            limits,
            KnownTokens.of(users, actor, user),
            usable(visit, user),
            changeable,
            form,
            differing));
  }

  /**
   * Returns the services that a person or service account may use; null if the viewer is not
   * permitted to see this list.
   */
  private @Nullable UsableServices usable(Visit visit, User user) {
    Actor actor = visit.signedIn().actor();
    if (!actor.administrator() && !actor.id().equals(user.id())) {
      return null;
    }
    Page<UsableInstance, Instance.Ref> page =
        Problems.valueOf(
            instances.listUsable(
                actor, user.handle(), Paging.asked(visit, "services", CursorFormat.INSTANCE)));
    int count = Problems.valueOf(instances.count(actor, user.handle(), InstanceFilter.NONE));
    return new UsableServices(
        page.items().stream().map(UsableServices::line).toList(),
        Numbers.counted(count, "service", "services"),
        Paging.next(page, "services", CursorFormat.INSTANCE, Links.to(PersonLine.of(user).path())));
  }

  /**
   * Returns the fields that the viewer may change, either because the viewer is an administrator or
   * because the account is their own.
   */
  private static List<ScalarField<?>> changeable(Actor actor, User user) {
    UserRelationship relationship =
        new UserRelationship(
            user.kind(), actor.id().equals(user.id()), actor.administrator(), false);
    return User.fieldsOf(user.kind()).stream()
        .filter(field -> relationship.allows(UserAction.toChange(field)))
        .toList();
  }

  /**
   * The page of a person or service account.
   *
   * @param person the person or service account as stored
   * @param administered whether the viewer is an administrator, and may therefore limit and delete
   *     the account
   * @param limits the limits that administrators set for the account, each as a phrase
   * @param known the service accounts whose access tokens the person might know
   * @param usable the services that the account may use; null if the viewer is not permitted to see
   *     this list
   * @param changeable the fields that the viewer may change
   * @param differing the fields that somebody else changed while the form was open
   */
  public record PersonView(
      PersonLine person,
      List<Fact> facts,
      boolean administered,
      List<String> limits,
      KnownTokens known,
      @Nullable UsableServices usable,
      List<ScalarField<?>> changeable,
      FormState form,
      List<Difference> differing) {
    public PersonView {
      facts = List.copyOf(facts);
      changeable = List.copyOf(changeable);
      limits = List.copyOf(limits);
      differing = List.copyOf(differing);
    }
  }

  /**
   * A page of the list of services that the person or service account may use.
   *
   * @param count the number of entries on all pages of the list, in words
   * @param next the address of the next page; null on the last page
   */
  public record UsableServices(List<Line> lines, String count, @Nullable String next) {
    public UsableServices {
      lines = List.copyOf(lines);
    }

    private static Line line(UsableInstance usable) {
      return new Line(
          usable.instance().ref().toString(),
          usable.instance().settings().fields().model().value(),
          usable.role().map(Role::wireName).orElse("–"),
          usable.via().map(group -> "@" + group).orElse(null),
          String.join(", ", LimitWords.of(usable.limits())),
          usable.until().map(Object::toString).orElse(null),
          usable.instance().enabled());
    }

    /**
     * A service.
     *
     * @param via the group, with its {@code @}, whose share lets the person or account use the
     *     service
     * @param limits the limits of the share, in words; empty if the share has no limits
     * @param until the end of the share (ISO 8601); null if it has no end
     */
    public record Line(
        String ref,
        String model,
        String role,
        @Nullable String via,
        String limits,
        @Nullable String until,
        boolean enabled) {
      public String path() {
        return "/console/services/" + ref;
      }
    }
  }
}
