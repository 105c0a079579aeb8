package io.claviger.console.requests;

import io.claviger.application.requests.BorrowRequests;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Difference;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.requests.MutedAskers;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Shows and changes from whom the viewer accepts requests for access. */
public final class MutedPages implements ConsolePage {
  private static final String PATH = Area.REQUESTS.path() + "/muted";
  private static final String EVERYBODY = "everybody";
  private static final String USERS = "users";
  private static final String SHOWN = "shown";

  private final BorrowRequests requests;
  private final Views views;

  public MutedPages(BorrowRequests requests, Views views) {
    this.requests = requests;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(
        routes,
        PATH,
        visit -> show(visit, 200, FormState.of(shown(stored(visit))), List.of()),
        this::save);
    routes.pageAt(PATH + "/add").openPost(visitors.signedIn(this::add));
  }

  private void save(Visit visit) {
    Submission.of(
        visit,
        Set.of(EVERYBODY, USERS, SHOWN),
        form -> {
          Fields fields = new Fields(form);
          Optional<Set<Handle>> users = fields.optional(USERS, MutedPages::handles);
          boolean everybody = form.value(EVERYBODY).filter("yes"::equals).isPresent();
          MutedAskers wanted =
              fields.check(() -> new MutedAskers(everybody, users.orElse(Set.of())));
          String shown = form.value(SHOWN).orElse("");
          change(
              visit,
              before -> {
                if (!shown.equals(text(before))) {
                  throw new RefusedException(new Refusal.PreconditionFailed());
                }
                return wanted;
              });
          return Area.REQUESTS.path();
        },
        (problem, sent) -> refuse(visit, problem, sent));
  }

  private void refuse(Visit visit, Problem problem, FormState form) {
    if (problem.status() != Difference.PRECONDITION_FAILED) {
      FormState again = form.with(problem, pointer -> pointer.isEmpty() ? "" : USERS);
      show(visit, problem.status(), again, List.of());
      return;
    }
    Map<String, String> now = shown(stored(visit));
    FormState again = form.having(SHOWN, now.getOrDefault(SHOWN, ""));
    show(
        visit,
        problem.status(),
        again.with(Difference.problem(problem, "list")),
        Difference.between(form, now, List.of(EVERYBODY, USERS)));
  }

  /** Adds a user to the users whose requests the owner does not accept. */
  private void add(Visit visit) {
    Submission.of(
        visit,
        form -> {
          Fields fields = new Fields(form);
          Optional<Handle> user =
              fields.required("user", "Give the handle of a person.", Handle::new);
          Handle added = fields.check(user::orElseThrow);
          change(
              visit,
              before -> {
                Set<Handle> users = new HashSet<>(before.users());
                users.add(added);
                return new MutedAskers(before.everybody(), users);
              });
          return PATH;
        },
        (problem, sent) -> refuse(visit, problem, FormState.of(shown(stored(visit)))));
  }

  private void change(Visit visit, UnaryOperator<MutedAskers> change) {
    Actor actor = visit.signedIn().actor();
    Problems.throwIfRefused(requests.changeMuted(actor, actor.handle(), change));
  }

  /**
   * Returns the users on the page as one line. The form sends this line back. A change is made only
   * if the stored users are still the users in this line.
   */
  private static String text(MutedAskers muted) {
    return muted.everybody()
        + " "
        + muted.users().stream().map(Handle::value).sorted().collect(Collectors.joining(" "));
  }

  private MutedAskers stored(Visit visit) {
    Actor actor = visit.signedIn().actor();
    return Problems.valueOf(requests.muted(actor, actor.handle()));
  }

  private void show(Visit visit, int status, FormState form, List<Difference> differing) {
    views.show(
        visit,
        status,
        Area.REQUESTS,
        "Whose requests you accept",
        "muted",
        new MutedView(form, differing));
  }

  private static Map<String, String> shown(MutedAskers muted) {
    return Map.of(
        EVERYBODY,
        muted.everybody() ? "yes" : "",
        USERS,
        muted.users().stream().map(Handle::value).sorted().collect(Collectors.joining("\n")),
        SHOWN,
        text(muted));
  }

  private static Set<Handle> handles(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .map(Handle::new)
        .collect(Collectors.toSet());
  }

  /**
   * The page on which an owner chooses from whom they accept requests for access.
   *
   * @param form the form; its hidden field {@link #SHOWN} contains the users on the page as one
   *     line. A change is made only if the stored users are still the same
   * @param differing the changes that somebody else made while the form was open
   */
  public record MutedView(FormState form, List<Difference> differing) {
    public MutedView {
      differing = List.copyOf(differing);
    }
  }
}
