package io.claviger.console.limits;

import io.claviger.application.limits.AssignedLimits;
import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Difference;
import io.claviger.console.page.EditForm;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.policy.Limits;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Shows and changes the limits that administrators set for users and groups. The users to whom
 * these limits apply can read them.
 */
public final class AssignedLimitsPages implements ConsolePage {
  private static final String OF_USER = "/console/people/{user}/limits";
  private static final String OF_MEMBERS = "/console/groups/{group}/limits";
  private static final String OF_GROUP = "/console/groups/{group}/pooled-limits";

  private final AssignedLimits assignedLimits;
  private final Views views;

  public AssignedLimitsPages(AssignedLimits assignedLimits, Views views) {
    this.assignedLimits = assignedLimits;
    this.views = views;
  }

  /** Finds the user or group whose limits the visited page shows. */
  @FunctionalInterface
  private interface BearerLookup {
    LimitBearer of(Visit visit);
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    add(
        routes,
        visitors,
        OF_USER,
        visit -> new LimitBearer.OneUser(assignedLimits, handle(visit, "user")));
    add(
        routes,
        visitors,
        OF_MEMBERS,
        visit -> new LimitBearer.OneGroup(assignedLimits, handle(visit, "group"), false));
    add(
        routes,
        visitors,
        OF_GROUP,
        visit -> new LimitBearer.OneGroup(assignedLimits, handle(visit, "group"), true));
  }

  private void add(Routes routes, Visitors visitors, String path, BearerLookup asked) {
    visitors.addPage(
        routes, path, visit -> ask(visit, asked.of(visit)), visit -> save(visit, asked.of(visit)));
  }

  private void ask(Visit visit, LimitBearer bearer) {
    StoredLimits stored = Problems.valueOf(bearer.find(visit.signedIn().actor()));
    show(visit, bearer, stored, EditForm.of(shown(stored)));
  }

  private void save(Visit visit, LimitBearer bearer) {
    Set<String> names = new HashSet<>(LimitFields.names(""));
    names.add(Versions.FIELD);
    Submission.of(
        visit,
        names,
        form -> {
          Fields fields = new Fields(form);
          Limits limits = LimitFields.read(fields, "");
          Optional<Precondition> version = Versions.required(fields);
          Actor actor = visit.signedIn().actor();
          Problems.throwIfRefused(bearer.save(actor, fields.check(version::orElseThrow), limits));
          return bearer.back();
        },
        (problem, sent) -> refuse(visit, bearer, problem, sent));
  }

  /**
   * Shows the values that the user typed. If somebody else has changed the same fields, the page
   * also shows the stored values.
   */
  private void refuse(Visit visit, LimitBearer bearer, Problem problem, FormState sent) {
    StoredLimits stored = Problems.valueOf(bearer.find(visit.signedIn().actor()));
    Map<String, String> now = shown(stored);
    List<String> compared = new ArrayList<>(LimitFields.names(""));
    compared.removeIf(field -> BudgetFields.isOfNone(field, sent, now));
    EditForm refused = EditForm.refused(problem, sent, "page", now, compared);
    if (refused.isSavedAlready()) {
      visit.redirect(bearer.back());
    } else {
      show(visit, bearer, stored, refused);
    }
  }

  private static Map<String, String> shown(StoredLimits stored) {
    Map<String, String> values = LimitFields.shown(stored.limits(), "");
    values.put(Versions.FIELD, Long.toString(stored.version()));
    return values;
  }

  private void show(Visit visit, LimitBearer bearer, StoredLimits stored, EditForm change) {
    Actor actor = visit.signedIn().actor();
    views.show(
        visit,
        change.status(),
        bearer.area(),
        bearer.title(),
        "assignedLimits",
        new AssignedLimitsView(
            bearer.explanation(),
            bearer.path(),
            bearer.back(),
            actor.administrator() && actor.mayManage(),
            LimitWords.of(stored.limits()),
            change.form(),
            change.differing()));
  }

  private static Handle handle(Visit visit, String name) {
    return new Handle(visit.pathParam(name));
  }

  /**
   * The page that shows the limits of a user or group.
   *
   * @param explanation a text that says to which calls the limits apply
   * @param path the path to which the form is sent
   * @param back the address of the user's or group's page
   * @param mayChange whether the viewer may change the limits
   * @param words the stored limits, each of them as a phrase
   */
  public record AssignedLimitsView(
      String explanation,
      String path,
      String back,
      boolean mayChange,
      List<String> words,
      FormState form,
      List<Difference> differing) {
    public AssignedLimitsView {
      words = List.copyOf(words);
      differing = List.copyOf(differing);
    }
  }

  /** The user or group whose limits a page shows. */
  private interface LimitBearer {
    Area area();

    String title();

    String explanation();

    String path();

    String back();

    Outcome<StoredLimits> find(Actor actor);

    Outcome<StoredLimits> save(Actor actor, Precondition precondition, Limits limits);

    record OneUser(AssignedLimits assignedLimits, Handle user) implements LimitBearer {
      @Override
      public Area area() {
        return Area.PEOPLE;
      }

      @Override
      public String title() {
        return "Limits of " + user;
      }

      @Override
      public String explanation() {
        return "They apply to all calls of " + user + ", to any service.";
      }

      @Override
      public String path() {
        return back() + "/limits";
      }

      @Override
      public String back() {
        return Area.PEOPLE.path(user);
      }

      @Override
      public Outcome<StoredLimits> find(Actor actor) {
        return assignedLimits.ofUser(actor, user);
      }

      @Override
      public Outcome<StoredLimits> save(Actor actor, Precondition precondition, Limits limits) {
        return assignedLimits.putOfUser(actor, user, precondition, limits);
      }
    }

    /**
     * @param pooled whether the limits apply to all members of the group together, and not to each
     *     member
     */
    record OneGroup(AssignedLimits assignedLimits, Handle group, boolean pooled)
        implements LimitBearer {
      @Override
      public Area area() {
        return Area.GROUPS;
      }

      @Override
      public String title() {
        return pooled ? "Limits of @" + group + " together" : "Limits of each member of @" + group;
      }

      @Override
      public String explanation() {
        return pooled
            ? "They apply to the calls of all members of @" + group + " together."
            : "They apply to all calls of each member of @" + group + ", to any service.";
      }

      @Override
      public String path() {
        return back() + (pooled ? "/pooled-limits" : "/limits");
      }

      @Override
      public String back() {
        return Area.GROUPS.path(group);
      }

      @Override
      public Outcome<StoredLimits> find(Actor actor) {
        return assignedLimits.ofGroup(actor, group, pooled);
      }

      @Override
      public Outcome<StoredLimits> save(Actor actor, Precondition precondition, Limits limits) {
        return assignedLimits.putOfGroup(actor, group, pooled, precondition, limits);
      }
    }
  }
}
