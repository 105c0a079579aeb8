package io.claviger.console.groups;

import io.claviger.application.groups.GroupView;
import io.claviger.application.groups.Groups;
import io.claviger.application.limits.AssignedLimits;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.console.limits.LimitWords;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Difference;
import io.claviger.console.page.Fact;
import io.claviger.console.page.FieldInputs;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupAction;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupPermissions;
import io.claviger.domain.groups.GroupRole;
import io.claviger.domain.reviews.ReviewRules;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Shows a group with its members, their roles and its fields. Also changes and deletes the group.
 */
public final class GroupPages implements ConsolePage {
  private static final String PATH = "/console/groups/{group}";

  private final Groups groups;
  private final AssignedLimits assignedLimits;
  private final Views views;

  public GroupPages(Groups groups, AssignedLimits assignedLimits, Views views) {
    this.groups = groups;
    this.assignedLimits = assignedLimits;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(
        routes, PATH, visit -> show(visit, 200, FormState.EMPTY, Optional.empty()), this::change);
    routes.pageAt(PATH + "/members").openPost(visitors.signedIn(this::keep));
    routes.pageAt(PATH + "/members/end").openPost(visitors.signedIn(this::end));
    Submission.addPage(routes, PATH + "/delete", visitors, this::warn, this::delete);
  }

  private void change(Visit visit) {
    Submission.of(
        visit,
        FieldInputs.names(Group.FIELDS, Versions.FIELD),
        form -> change(visit, new Fields(form)),
        (problem, sent) -> refuseChange(visit, problem, sent));
  }

  private String change(Visit visit, Fields fields) {
    FieldWrites writes = FieldInputs.changes(fields, found(visit).group().fields(), Group.FIELDS);
    var demanded = Versions.required(fields);
    var changed =
        Problems.valueOf(
            groups.patch(
                visit.signedIn().actor(),
                group(visit),
                fields.check(demanded::orElseThrow),
                writes));
    return GroupLine.of(changed.view()).path();
  }

  /**
   * Shows the values that the user typed. If somebody else has changed the same fields, the page
   * also shows the stored values.
   */
  private void refuseChange(Visit visit, Problem problem, FormState sent) {
    if (problem.status() != Difference.PRECONDITION_FAILED) {
      Optional<FormState> change = Optional.of(sent.with(problem));
      show(visit, problem.status(), FormState.EMPTY, change, List.of());
      return;
    }
    Group now = found(visit).group();
    List<Difference> differing = FieldInputs.differing(sent, now.fields(), Group.FIELDS);
    if (differing.isEmpty()) {
      visit.redirect(Area.GROUPS.path(now.handle()));
      return;
    }
    FormState again =
        sent.having(Versions.FIELD, Long.toString(now.version()))
            .with(Difference.problem(problem, "group"));
    show(visit, problem.status(), FormState.EMPTY, Optional.of(again), differing);
  }

  private void keep(Visit visit) {
    submitMember(
        visit,
        fields -> {
          Optional<Handle> user =
              fields.required("user", "Give the handle of a person.", Handle::new);
          Optional<GroupRole> role =
              fields.required("role", "Choose member or manager.", GroupRole::of);
          // The form for a new member contains no version. So the form can't change the membership
          // of somebody who is a member already.
          Precondition unchanged =
              fields.optional(Versions.FIELD, Versions::unchanged).orElse(Precondition.CREATE_ONLY);
          var kept =
              Problems.valueOf(
                  groups.putMember(
                      visit.signedIn().actor(),
                      group(visit),
                      fields.check(user::orElseThrow),
                      unchanged,
                      role.orElseThrow(),
                      Field.absent()));
          return "#" + kept.member().handle();
        });
  }

  private void end(Visit visit) {
    submitMember(
        visit,
        fields -> {
          Optional<Handle> user =
              fields.required("user", "Give the handle of a person.", Handle::new);
          Handle member = fields.check(user::orElseThrow);
          boolean self = member.equals(visit.signedIn().actor().handle());
          // The form with which a member leaves the group does not contain the version of the
          // membership.
          Precondition unchanged =
              fields
                  .optional(Versions.FIELD, Versions::unchanged)
                  .orElse(self ? Precondition.NONE : Precondition.CREATE_ONLY);
          end(visit.signedIn().actor(), group(visit), member, unchanged);
          return "";
        });
  }

  /** Ends a membership. If the membership has already ended, nothing happens. */
  private void end(Actor actor, Handle group, Handle member, Precondition unchanged) {
    Outcome<Handle> ended = groups.removeMember(actor, group, member, unchanged);
    boolean gone =
        ended.equals(Outcome.refused(new Refusal.PreconditionFailed()))
            && groups
                .findMember(actor, group, member)
                .equals(Outcome.refused(new Refusal.NotFound()));
    if (!gone) {
      Problems.throwIfRefused(ended);
    }
  }

  /**
   * @param act a function that runs the action, and returns the end of the address to which the
   *     browser is redirected
   */
  private void submitMember(Visit visit, Function<Fields, String> act) {
    Submission.of(
        visit,
        Set.of("user", "role"),
        form -> Area.GROUPS.path(group(visit)) + act.apply(new Fields(form)),
        (problem, sent) -> show(visit, problem.status(), sent.with(problem), Optional.empty()));
  }

  private void delete(Visit visit) {
    Submission.ofDeletion(
        visit,
        version -> groups.delete(visit.signedIn().actor(), group(visit), version),
        Area.GROUPS.path(),
        this::warn);
  }

  private void warn(Visit visit, int status, FormState form) {
    GroupLine group = GroupLine.of(found(visit));
    views.show(
        visit,
        status,
        Area.GROUPS,
        "Delete @" + group.handle(),
        "groupDeletion",
        new GroupDeletionView(group, form));
  }

  private void show(Visit visit, int status, FormState form, Optional<FormState> change) {
    show(visit, status, form, change, List.of());
  }

  private void show(
      Visit visit,
      int status,
      FormState form,
      Optional<FormState> change,
      List<Difference> differing) {
    Actor actor = visit.signedIn().actor();
    GroupView found = found(visit);
    Group stored = found.group();
    GroupLine group = GroupLine.of(found);
    Optional<GroupRole> role = ownRole(groups, actor, group(visit));
    List<ScalarField<?>> changeable =
        group.keptHere()
            ? Group.FIELDS.stream()
                .filter(field -> may(actor, role, GroupAction.toChange(field)))
                .toList()
            : List.of();
    boolean seen = GroupPermissions.allows(actor.administrator(), role, GroupAction.SEE_MEMBERS);
    Page<GroupMember, Handle> members =
        seen
            ? Problems.valueOf(
                groups.listMembers(actor, group(visit), Paging.asked(visit, CursorFormat.HANDLE)))
            : Page.whole(List.of());
    views.show(
        visit,
        status,
        Area.GROUPS,
        "@" + group.handle(),
        "group",
        new GroupPageView(
            group,
            Fact.of(stored.fields(), Group.FIELDS),
            seen ? members.items().stream().map(GroupPages::member).toList() : null,
            Paging.next(members, CursorFormat.HANDLE, Links.to(group.path())),
            abilities(actor, role, group.keptHere()),
            form,
            changeable,
            change.orElseGet(() -> unchanged(stored, changeable)),
            differing,
            limits(actor, role, group(visit))));
  }

  private static FormState unchanged(Group stored, List<ScalarField<?>> changeable) {
    return FormState.of(FieldInputs.shown(stored.fields(), changeable))
        .having(Versions.FIELD, Long.toString(stored.version()));
  }

  private GroupPageView.@Nullable GroupLimitPhrases limits(
      Actor actor, Optional<GroupRole> role, Handle group) {
    return may(actor, role, GroupAction.SEE_LIMITS)
        ? new GroupPageView.GroupLimitPhrases(
            phrases(actor, group, false),
            phrases(actor, group, true),
            may(actor, role, GroupAction.SET_LIMITS))
        : null;
  }

  private List<String> phrases(Actor actor, Handle group, boolean pooled) {
    return LimitWords.of(Problems.valueOf(assignedLimits.ofGroup(actor, group, pooled)).limits());
  }

  private static GroupPageView.Abilities abilities(
      Actor actor, Optional<GroupRole> role, boolean keptHere) {
    return new GroupPageView.Abilities(
        keptHere && may(actor, role, GroupAction.KEEP_MEMBERS),
        keptHere && may(actor, role, GroupAction.LEAVE),
        may(actor, role, GroupAction.DELETE),
        may(actor, role, GroupAction.KEEP_MEMBERS),
        ReviewRules.mayReview(actor.administrator(), role));
  }

  static boolean may(Actor actor, Optional<GroupRole> role, GroupAction action) {
    return GroupPermissions.allows(actor.administrator(), role, action);
  }

  /**
   * Returns the viewer's role in the group; empty if the viewer is not a member. For viewers who
   * are not members, the use case refuses to answer.
   */
  static Optional<GroupRole> ownRole(Groups groups, Actor actor, Handle group) {
    return switch (groups.findMember(actor, group, actor.handle())) {
      case Outcome.Done<GroupMember> done -> Optional.of(done.value().role());
      case Outcome.Refused<GroupMember> refused -> Optional.empty();
    };
  }

  private static GroupPageView.Member member(GroupMember member) {
    return new GroupPageView.Member(
        member.handle().value(),
        member.role().wireName(),
        member.createdAt().toString(),
        member.appliedBy().map(AppliedBy::value).orElse(""),
        member.version());
  }

  private GroupView found(Visit visit) {
    return Problems.valueOf(groups.find(visit.signedIn().actor(), group(visit)));
  }

  private static Handle group(Visit visit) {
    return new Handle(visit.pathParam("group"));
  }

  /** The page that is shown before a group is deleted; it says what else ends with the group. */
  public record GroupDeletionView(GroupLine group, FormState form) {}

  /**
   * The page of a group.
   *
   * @param members one page of the members; null if the viewer may not see the members
   * @param next the address of the next page of members; null on the last page
   * @param form the form with which a member is added
   * @param changeable the fields that the viewer may change
   * @param change the form with which the fields of the group are changed
   * @param differing the fields that somebody else changed while the form {@code change} was open
   * @param limits the limits that administrators set; null if the viewer may not see these limits
   */
  public record GroupPageView(
      GroupLine group,
      List<Fact> facts,
      @Nullable List<Member> members,
      @Nullable String next,
      Abilities abilities,
      FormState form,
      List<ScalarField<?>> changeable,
      FormState change,
      List<Difference> differing,
      @Nullable GroupLimitPhrases limits) {
    public GroupPageView {
      facts = List.copyOf(facts);
      changeable = List.copyOf(changeable);
      differing = List.copyOf(differing);
    }

    /**
     * The limits that administrators set for a group, each as a phrase.
     *
     * @param each the limits of every single member
     * @param together the limits of all members together
     */
    public record GroupLimitPhrases(List<String> each, List<String> together, boolean mayChange) {
      public GroupLimitPhrases {
        each = List.copyOf(each);
        together = List.copyOf(together);
      }
    }

    /**
     * A member of the group.
     *
     * @param since the time at which the user became a member (ISO 8601)
     * @param appliedBy the name of the file from which the membership was applied; empty if it was
     *     not applied from a file
     * @param version the version that the membership had when the page was shown
     */
    public record Member(
        String handle, String role, String since, String appliedBy, long version) {}

    /**
     * The actions that the viewer may take on the group.
     *
     * @param messages whether the viewer may choose where messages for the group are sent
     */
    public record Abilities(
        boolean keepMembers, boolean leave, boolean delete, boolean messages, boolean review) {}
  }
}
