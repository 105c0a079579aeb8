package io.claviger.console.projects;

import io.claviger.application.projects.ProjectView;
import io.claviger.application.projects.Projects;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Difference;
import io.claviger.console.page.EditForm;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.ProjectAddress;
import io.claviger.console.page.SharesToEnd;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectAction;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.web.pages.PageProblem;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shows the members of a project. The owner can add members, change their roles, and end several
 * memberships in one step.
 */
public final class ProjectPeoplePage implements ConsolePage {
  private static final String PATH = ProjectAddress.PATTERN + "/people";
  private static final String TO = "to";
  private static final String ROLE = "role";
  private static final String APPLIED_BY = CommonFields.APPLIED_BY.name();
  private static final Set<String> FIELDS =
      Set.of(TO, TO + Fields.SHOWN, ROLE, APPLIED_BY, Versions.FIELD);

  /**
   * The fields that identify a membership: each user or group has at most one membership in a
   * project.
   */
  private static final Set<String> NAMING = Set.of(TO);

  private static final Problem MEMBER_ALREADY =
      new Problem(
          Difference.PRECONDITION_FAILED,
          "precondition_failed",
          "This person or group is a member already. Nothing was saved yet; saving again replaces"
              + " the role.");

  private static final Problem ENDED =
      new Problem(
          Difference.PRECONDITION_FAILED,
          "precondition_failed",
          "Somebody ended this membership while you had it open. Nothing was saved; saving again"
              + " adds the member again.");

  private final Projects projects;
  private final Views views;

  public ProjectPeoplePage(Projects projects, Views views) {
    this.projects = projects;
    this.views = views;
  }

  static String pathOf(Project.Ref project) {
    return ProjectAddress.path(project) + "/people";
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::list));
    visitors.addPage(routes, PATH + "/add", this::ask, this::save);
    visitors.addPage(
        routes,
        PATH + "/end",
        visit -> visit.redirect(pathOf(ProjectAddress.of(visit))),
        this::end);
  }

  private void list(Visit visit) {
    Actor actor = visit.signedIn().actor();
    ProjectView view = find(visit);
    Project.Ref project = view.project().ref();
    Page<Share, GranteeName> page =
        Problems.valueOf(
            projects.listShares(actor, project, Paging.asked(visit, CursorFormat.GRANTEE)));
    views.show(
        visit,
        Area.PROJECTS,
        "Members of " + project,
        "projectPeople",
        new MembersView(
            project.toString(),
            pathOf(project),
            ProjectAddress.path(project),
            page.items().stream().map(ProjectPeoplePage::line).toList(),
            ProjectPage.allows(actor, view, ProjectAction.SHARE),
            Paging.next(page, CursorFormat.GRANTEE, Links.to(pathOf(project)))));
  }

  private static MembersView.Line line(Share share) {
    return new MembersView.Line(
        share.grantee().name().toString(),
        share.terms().role().wireName(),
        share.appliedBy().map(AppliedBy::value).orElse(""),
        share.createdAt().toString(),
        share.givenBy().map(Handle::value).orElse("–"),
        share.version());
  }

  /**
   * Shows the form for the member in the address. If the address names no member, the form is for a
   * new member.
   */
  private void ask(Visit visit) {
    Optional<Share> share =
        visit
            .query(TO)
            .map(
                name ->
                    Problems.valueOf(
                        projects.findShare(
                            visit.signedIn().actor(),
                            ProjectAddress.of(visit),
                            GranteeName.of(name))));
    show(visit, EditForm.of(share.map(ProjectPeoplePage::shown).orElse(Map.of())));
  }

  private void save(Visit visit) {
    Project.Ref project = ProjectAddress.of(visit);
    Submission.of(
        visit,
        FIELDS,
        form -> {
          Fields fields = new Fields(form);
          Optional<GranteeName> to =
              fields.required(
                  TO,
                  "Enter the handle of a user, or of a group with an @ before it.",
                  GranteeName::of);
          Optional<Role> role =
              fields.required(
                  ROLE, "Choose reader or writer.", name -> Role.upTo(Role.WRITER, name));
          Field<AppliedBy> appliedBy =
              fields.write(APPLIED_BY, text -> CommonFields.APPLIED_BY.form().typed(text));
          GranteeName member = fields.check(to::orElseThrow);
          Problems.throwIfRefused(
              projects.share(
                  visit.signedIn().actor(),
                  project,
                  member,
                  Versions.ofNamed(form, NAMING),
                  role.orElseThrow(),
                  appliedBy));
          return pathOf(project) + "#" + member;
        },
        (problem, sent) -> show(visit, refused(visit, problem, sent)));
  }

  /**
   * Returns the form with the values that the user entered. If somebody else has changed the
   * membership, the page also shows the stored values.
   */
  private EditForm refused(Visit visit, Problem problem, FormState sent) {
    if (problem.status() != Difference.PRECONDITION_FAILED) {
      return new EditForm(
          problem.status(), sent.with(problem, ProjectPeoplePage::fieldOf), List.of());
    }
    Map<String, String> stored = stored(visit, sent).map(ProjectPeoplePage::shown).orElse(Map.of());
    FormState again = Versions.opened(sent, NAMING, stored.getOrDefault(Versions.FIELD, ""));
    if (stored.isEmpty()) {
      return new EditForm(problem.status(), again.with(ENDED), List.of());
    }
    return new EditForm(
        problem.status(),
        again.with(
            Versions.isOpened(sent::value, NAMING)
                ? Difference.problem(problem, "membership")
                : MEMBER_ALREADY),
        Difference.between(sent, stored, List.of(ROLE, APPLIED_BY)));
  }

  /** Returns the name of the form's field to which the JSON pointer of a fault leads. */
  private static String fieldOf(String pointer) {
    String name = FormState.fieldOf(pointer);
    return name.equals("user") ? TO : name;
  }

  private Optional<Share> stored(Visit visit, FormState sent) {
    return Fields.of(sent.values())
        .optional(TO, GranteeName::of)
        .flatMap(
            to ->
                projects
                    .findShare(visit.signedIn().actor(), ProjectAddress.of(visit), to)
                    .asOptional());
  }

  /** Returns the values of the form's fields for a member. */
  private static Map<String, String> shown(Share share) {
    Map<String, String> shown = new LinkedHashMap<>();
    shown.put(TO, share.grantee().name().toString());
    shown.put(TO + Fields.SHOWN, share.grantee().name().toString());
    shown.put(ROLE, share.terms().role().wireName());
    shown.put(APPLIED_BY, share.appliedBy().map(AppliedBy::value).orElse(""));
    shown.put(Versions.FIELD, Long.toString(share.version()));
    return shown;
  }

  private void show(Visit visit, EditForm form) {
    ProjectView view = demandOwner(visit);
    Project.Ref project = view.project().ref();
    views.show(
        visit,
        form.status(),
        Area.PROJECTS,
        form.form().value(Versions.FIELD).isEmpty()
            ? "Add a member to " + project
            : "A member of " + project + ": " + form.form().value(TO + Fields.SHOWN),
        "projectMember",
        new MemberView(pathOf(project), form.form(), form.differing()));
  }

  /**
   * Ends the selected memberships after a page has shown the names of everybody who would no longer
   * be a member, and has asked for confirmation.
   */
  private void end(Visit visit) {
    Actor actor = visit.signedIn().actor();
    Project.Ref project = ProjectAddress.of(visit);
    SharesToEnd.submit(
        visit,
        pathOf(project),
        new SharesToEnd.Shared(
            (name, unchanged) -> projects.endShare(actor, project, name, unchanged),
            name -> projects.findShare(actor, project, name)),
        chosen -> askForEnd(visit, chosen));
  }

  private void askForEnd(Visit visit, List<SharesToEnd.Chosen> chosen) {
    Project.Ref project = demandOwner(visit).project().ref();
    views.show(
        visit,
        Area.PROJECTS,
        "End memberships of " + project,
        "endShares",
        new SharesToEnd(
            pathOf(project),
            project.toString(),
            "by their own memberships. What they stored through the project stays there.",
            chosen));
  }

  private ProjectView demandOwner(Visit visit) {
    ProjectView view = find(visit);
    if (!ProjectPage.allows(visit.signedIn().actor(), view, ProjectAction.SHARE)) {
      throw new PageProblem(
          403,
          "That did not work",
          "Only a project's owner can change the members. The owner needs an access token that may"
              + " change things.");
    }
    return view;
  }

  private ProjectView find(Visit visit) {
    return Problems.valueOf(projects.find(visit.signedIn().actor(), ProjectAddress.of(visit)));
  }

  /**
   * The members of a project, in the order of their names.
   *
   * @param path the address of this page
   * @param back the address of the project's page
   * @param mayShare whether the viewer may add members, change their roles and end memberships
   * @param next the address of the next page; null on the last page
   */
  public record MembersView(
      String project,
      String path,
      String back,
      List<Line> members,
      boolean mayShare,
      @Nullable String next) {
    public MembersView {
      members = List.copyOf(members);
    }

    /**
     * A member.
     *
     * @param name the handle of a user, or the handle of a group with its {@code @}
     * @param appliedBy the name of the file from which the membership was applied; empty if it was
     *     not applied from a file
     * @param since the time at which the user or group became a member (ISO 8601)
     * @param version the version that the membership had when the page was shown
     */
    public record Line(
        String name, String role, String appliedBy, String since, String givenBy, long version) {
      public String nameInQuery() {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
      }

      public String box() {
        return SharesToEnd.box(name);
      }
    }
  }

  /**
   * The page with the form for one member.
   *
   * @param path the address of the page that lists the members
   * @param differing the fields that somebody else changed while the form was open
   */
  public record MemberView(String path, FormState form, List<Difference> differing) {
    public MemberView {
      differing = List.copyOf(differing);
    }
  }
}
