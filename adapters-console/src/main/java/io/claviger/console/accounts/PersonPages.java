package io.claviger.console.accounts;

import io.claviger.application.accounts.Users;
import io.claviger.application.limits.AssignedLimits;
import io.claviger.application.shared.Actor;
import io.claviger.console.limits.LimitWords;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Difference;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Map;

/** One person or service account: shows and changes it. */
public final class PersonPages implements ConsolePage {
  private static final String PATH = "/console/people/{user}";

  private final Users users;
  private final AssignedLimits assignedLimits;
  private final Views views;

  public PersonPages(Users users, AssignedLimits assignedLimits, Views views) {
    this.users = users;
    this.assignedLimits = assignedLimits;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes
        .pageAt(PATH)
        .openGet(visitors.signedIn(this::show))
        .openPost(visitors.signedIn(this::change));
  }

  private void show(Visit visit) {
    PersonLine person = found(visit);
    show(visit, 200, person, FormState.of(PersonForm.shown(person)));
  }

  private void change(Visit visit) {
    PersonLine person = found(visit);
    Submission.of(
        visit,
        PersonForm.FIELDS,
        form -> {
          PersonForm.PersonChange change = PersonForm.changed(form, person.serviceAccount());
          User changed =
              Problems.valueOf(
                  users.update(
                      visit.signedIn().actor(),
                      new Handle(person.handle()),
                      change.precondition(),
                      change.update()));
          return PersonLine.of(changed).path();
        },
        (problem, sent) -> refuse(visit, person, problem, sent));
  }

  /** Shows what was typed and, if somebody else changed it, also what is stored now. */
  private void refuse(Visit visit, PersonLine opened, Problem problem, FormState sent) {
    if (problem.status() != Difference.PRECONDITION_FAILED) {
      show(visit, problem.status(), opened, sent.with(problem));
      return;
    }
    PersonLine now = found(visit);
    Map<String, String> stored = PersonForm.shown(now);
    List<Difference> differing = Difference.between(sent, stored, PersonForm.COMPARED);
    if (differing.isEmpty()) {
      visit.redirect(now.path());
      return;
    }
    FormState again = sent.having(Versions.FIELD, Long.toString(now.version()));
    Problem told = Difference.problem(problem, "account");
    show(visit, told.status(), now, again.with(told), differing);
  }

  private PersonLine found(Visit visit) {
    return PersonLine.of(
        Problems.valueOf(
            users.find(visit.signedIn().actor(), new Handle(visit.pathParam("user")))));
  }

  private void show(Visit visit, int status, PersonLine person, FormState form) {
    show(visit, status, person, form, List.of());
  }

  private void show(
      Visit visit, int status, PersonLine person, FormState form, List<Difference> differing) {
    Actor actor = visit.signedIn().actor();
    List<String> limits =
        LimitWords.of(
            Problems.valueOf(assignedLimits.ofUser(actor, new Handle(person.handle()))).limits());
    views.show(
        visit,
        status,
        Area.PEOPLE,
        person.handle(),
        "person",
        new PersonView(person, actor.administrator(), limits, form, differing));
  }

  /**
   * The page of a person or service account.
   *
   * @param person the person as stored
   * @param mayChange whether the viewer may change and delete it
   * @param limits the limits that administrators set for them, a phrase each
   * @param differing what somebody else changed while the form was open
   */
  public record PersonView(
      PersonLine person,
      boolean mayChange,
      List<String> limits,
      FormState form,
      List<Difference> differing) {
    public PersonView {
      limits = List.copyOf(limits);
      differing = List.copyOf(differing);
    }
  }
}
