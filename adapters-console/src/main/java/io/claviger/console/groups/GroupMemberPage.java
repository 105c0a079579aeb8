package io.claviger.console.groups;

import io.claviger.application.groups.Groups;
import io.claviger.application.shared.Actor;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Difference;
import io.claviger.console.page.EditForm;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.groups.GroupAction;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.web.pages.PageProblem;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Changes two fields of a membership in a group: the member's role, and {@code applied_by}, which
 * is the name of the file from which the membership was applied.
 */
public final class GroupMemberPage implements ConsolePage {
  private static final String PATH = "/console/groups/{group}/member";
  private static final String USER = "user";
  private static final String ROLE = "role";
  private static final String APPLIED_BY = CommonFields.APPLIED_BY.name();
  private static final Set<String> FIELDS = Set.of(USER, ROLE, APPLIED_BY, Versions.FIELD);

  private static final Problem ENDED =
      new Problem(
          Difference.PRECONDITION_FAILED,
          "precondition_failed",
          "Somebody ended this membership while you had it open. Nothing was saved.");

  private final Groups groups;
  private final Views views;

  public GroupMemberPage(Groups groups, Views views) {
    this.groups = groups;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(routes, PATH, this::ask, this::save);
  }

  private void ask(Visit visit) {
    demandKeeper(visit);
    Handle user = new Handle(visit.query(USER).orElse(""));
    GroupMember member =
        Problems.valueOf(groups.findMember(visit.signedIn().actor(), group(visit), user));
    show(visit, new EditForm(200, FormState.of(shown(member)), List.of()));
  }

  private void save(Visit visit) {
    Submission.of(
        visit,
        FIELDS,
        form -> {
          Fields fields = new Fields(form);
          Optional<Handle> user =
              fields.required(USER, "Give the handle of a person.", Handle::new);
          Optional<GroupRole> role =
              fields.required(ROLE, "Choose member or manager.", GroupRole::of);
          Field<AppliedBy> appliedBy =
              fields.write(APPLIED_BY, text -> CommonFields.APPLIED_BY.form().typed(text));
          Handle member = fields.check(user::orElseThrow);
          demandKeeper(visit);
          Problems.throwIfRefused(
              groups.putMember(
                  visit.signedIn().actor(),
                  group(visit),
                  member,
                  Versions.demandedBy(form),
                  role.orElseThrow(),
                  appliedBy));
          return Area.GROUPS.path(group(visit)) + "#" + member;
        },
        (problem, sent) -> show(visit, refused(visit, problem, sent)));
  }

  /**
   * Returns the form with the values that the user entered. If somebody else has changed the
   * membership, the page also shows the stored values, and saving again replaces them.
   */
  private EditForm refused(Visit visit, Problem problem, FormState sent) {
    demandKeeper(visit);
    if (problem.status() != Difference.PRECONDITION_FAILED) {
      return new EditForm(problem.status(), sent.with(problem), List.of());
    }
    Optional<Map<String, String>> stored =
        Fields.of(sent.values())
            .optional(USER, Handle::new)
            .flatMap(member -> stored(visit, member));
    if (stored.isEmpty()) {
      return new EditForm(problem.status(), sent.with(ENDED), List.of());
    }
    return EditForm.refused(problem, sent, "membership", stored.get(), List.of(ROLE, APPLIED_BY));
  }

  private Optional<Map<String, String>> stored(Visit visit, Handle member) {
    return groups
        .findMember(visit.signedIn().actor(), group(visit), member)
        .asOptional()
        .map(GroupMemberPage::shown);
  }

  /** Returns the values of the form's fields for a member. */
  private static Map<String, String> shown(GroupMember member) {
    String role = member.role().wireName();
    String appliedBy = member.appliedBy().map(AppliedBy::value).orElse("");
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put(USER, member.handle().value());
    shown.put(ROLE, role);
    shown.put(APPLIED_BY, appliedBy);
    shown.put(Versions.FIELD, Long.toString(member.version()));
    return shown;
  }

  private void show(Visit visit, EditForm form) {
    views.show(
        visit,
        form.status(),
        Area.GROUPS,
        "A member of @" + group(visit) + ": " + form.form().value(USER),
        "groupMember",
        new MemberView(Area.GROUPS.path(group(visit)), form.form(), form.differing()));
  }

  private void demandKeeper(Visit visit) {
    Actor actor = visit.signedIn().actor();
    GroupLine group = GroupLine.of(Problems.valueOf(groups.find(actor, group(visit))));
    if (!group.keptHere()
        || !GroupPages.may(
            actor, GroupPages.ownRole(groups, actor, group(visit)), GroupAction.KEEP_MEMBERS)) {
      throw new PageProblem(
          403,
          "That did not work",
          "Only a group's managers and administrators can change its members. The members of a"
              + " group of the identity provider can be changed only there.");
    }
  }

  private static Handle group(Visit visit) {
    return new Handle(visit.pathParam("group"));
  }

  /**
   * The page with the form for one member.
   *
   * @param path the address of the group's page
   * @param differing the fields that somebody else changed while the form was open
   */
  public record MemberView(String path, FormState form, List<Difference> differing) {
    public MemberView {
      differing = List.copyOf(differing);
    }
  }
}
