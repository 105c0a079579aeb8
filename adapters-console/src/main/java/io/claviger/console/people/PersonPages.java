package io.claviger.console.people;

import io.claviger.application.UseCases;
import io.claviger.application.instances.InstanceFilter;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.console.limits.LimitWords;
import io.claviger.console.page.Area;
import io.claviger.console.page.Difference;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One person or service account: shows it, changes it, and deletes it after saying what ends. */
public final class PersonPages {
  private static final String PATH = "/console/people/{user}";
  private static final String AFTERWARDS = "/console/people";

  private final UseCases useCases;
  private final Views views;

  public PersonPages(UseCases useCases, Views views) {
    this.useCases = useCases;
    this.views = views;
  }

  public void addTo(Routes routes, Visitors visitors) {
    routes
        .pageAt(PATH)
        .openGet(visitors.signedIn(this::show))
        .openPost(visitors.signedIn(this::change));
    routes
        .pageAt(PATH + "/delete")
        .openGet(visitors.signedIn(this::warn))
        .openPost(visitors.signedIn(this::delete));
  }

  private void show(Visit visit) {
    PersonLine person = found(visit);
    show(visit, 200, person, FormState.of(PersonForm.shown(person)));
  }

  private void change(Visit visit) {
    Form form = visit.form();
    PersonLine person = found(visit);
    try {
      PersonForm.Change change = PersonForm.changed(form, person.serviceAccount());
      User changed =
          Problems.valueOf(
              useCases
                  .users()
                  .update(
                      visit.signedIn().actor(),
                      new Handle(person.handle()),
                      change.precondition(),
                      change.update()));
      visit.redirect(PersonLine.of(changed).path());
    } catch (RuntimeException e) {
      refuse(visit, person, form, Problems.of(e).orElseThrow(() -> e));
    }
  }

  /** Shows what was typed, and after somebody else's change what is stored now as well. */
  private void refuse(Visit visit, PersonLine opened, Form form, Problem problem) {
    FormState sent = FormState.sent(form, PersonForm.FIELDS);
    if (problem.status() != Difference.PRECONDITION_FAILED) {
      String version = form.value(Versions.FIELD).orElse("");
      show(visit, problem.status(), opened, sent.having(Versions.FIELD, version).with(problem));
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

  private void warn(Visit visit) {
    warn(visit, 200, found(visit), FormState.EMPTY);
  }

  private void delete(Visit visit) {
    Form form = visit.form();
    PersonLine person = found(visit);
    try {
      Fields fields = new Fields(form);
      var precondition = fields.required(Versions.FIELD, "open the page again", Versions::demanded);
      Handle unused =
          Problems.valueOf(
              useCases
                  .users()
                  .delete(
                      visit.signedIn().actor(),
                      new Handle(person.handle()),
                      fields.check(precondition::orElseThrow),
                      form.value("force").isPresent()));
      visit.redirect(AFTERWARDS);
    } catch (RuntimeException e) {
      Problem problem = Problems.of(e).orElseThrow(() -> e);
      warn(visit, problem.status(), person, FormState.sent(form, Set.of("force")).with(problem));
    }
  }

  private void warn(Visit visit, int status, PersonLine person, FormState form) {
    Actor actor = visit.signedIn().actor();
    Handle owner = new Handle(person.handle());
    var services =
        Problems.valueOf(
            useCases
                .instances()
                .list(
                    actor,
                    owner,
                    new InstanceFilter(
                        Optional.empty(),
                        Optional.of(owner),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                    first()));
    var projects = Problems.valueOf(useCases.projects().list(actor, owner, first()));
    views.show(
        visit,
        status,
        Area.PEOPLE,
        "Delete " + person.handle(),
        "leaving",
        new LeavingModel(
            person,
            services.items().stream().map(view -> view.instance().ref().toString()).toList(),
            services.next().isPresent(),
            projects.items().stream()
                .map(view -> view.project().ref())
                .filter(ref -> ref.owner().equals(owner))
                .map(ProjectRef::toString)
                .toList(),
            projects.next().isPresent(),
            form));
  }

  private static <P> PageRequest<P> first() {
    return new PageRequest<>(Optional.empty(), PageRequest.DEFAULT_LIMIT);
  }

  private PersonLine found(Visit visit) {
    return PersonLine.of(
        Problems.valueOf(
            useCases.users().find(visit.signedIn().actor(), new Handle(visit.pathParam("user")))));
  }

  private void show(Visit visit, int status, PersonLine person, FormState form) {
    show(visit, status, person, form, List.of());
  }

  private void show(
      Visit visit, int status, PersonLine person, FormState form, List<Difference> differing) {
    Actor actor = visit.signedIn().actor();
    List<String> limits =
        LimitWords.of(
            Problems.valueOf(useCases.assignedLimits().ofUser(actor, new Handle(person.handle())))
                .limits());
    views.show(
        visit,
        status,
        Area.PEOPLE,
        person.handle(),
        "person",
        new PersonModel(person, actor.administrator(), limits, form, differing));
  }
}
