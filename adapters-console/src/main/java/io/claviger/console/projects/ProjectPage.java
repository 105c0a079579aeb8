package io.claviger.console.projects;

import io.claviger.application.projects.ProjectView;
import io.claviger.application.projects.Projects;
import io.claviger.application.projects.Projects.ProjectCommand;
import io.claviger.application.shared.Actor;
import io.claviger.console.limits.BudgetFields;
import io.claviger.console.limits.LimitFields;
import io.claviger.console.limits.LimitWords;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Difference;
import io.claviger.console.page.EditForm;
import io.claviger.console.page.Fact;
import io.claviger.console.page.FieldInputs;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.ProjectAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.domain.projects.Project;
import io.claviger.domain.projects.ProjectAction;
import io.claviger.domain.projects.ProjectPermissions;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Address;
import io.claviger.web.server.NodeUrls;
import io.claviger.web.server.Routes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One project, and the form that changes it. */
public final class ProjectPage implements ConsolePage {
  private static final String SERVICE = "service";
  private static final String OTHER_DIMENSIONS = "allow_dimension_change";

  /** The hidden field which says that the form contains the fields for limits. */
  private static final String LIMITS_SHOWN = "limits" + Fields.SHOWN;

  private final Projects projects;
  private final NodeUrls urls;
  private final Views views;

  public ProjectPage(Projects projects, NodeUrls urls, Views views) {
    this.projects = projects;
    this.urls = urls;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(routes, ProjectAddress.PATTERN, this::show, this::change);
  }

  private void show(Visit visit) {
    ProjectView view = find(visit);
    show(visit, view, EditForm.of(shown(visit.signedIn().actor(), view)));
  }

  private void change(Visit visit) {
    Project.Ref project = ProjectAddress.of(visit);
    Submission.of(
        visit,
        names(),
        form -> {
          Fields fields = new Fields(form);
          ProjectCommand command =
              new ProjectCommand(
                  FieldInputs.changes(fields, find(visit).project().values(), Project.FIELDS),
                  fields.changed(
                      SERVICE, text -> Instance.Ref.of(Address.completed(text, project.owner()))),
                  form.value(OTHER_DIMENSIONS).isPresent(),
                  form.value(LIMITS_SHOWN).isEmpty()
                      ? LimitsWrite.ABSENT
                      : LimitsWrite.of(LimitFields.read(fields, "")));
          Problems.throwIfRefused(
              projects.patch(
                  visit.signedIn().actor(),
                  project,
                  Versions.demandedBy(form),
                  fields.check(() -> command)));
          return ProjectAddress.path(project);
        },
        (problem, sent) -> {
          ProjectView view = find(visit);
          show(visit, view, refused(problem, sent, shown(visit.signedIn().actor(), view)));
        });
  }

  private static EditForm refused(Problem problem, FormState sent, Map<String, String> shown) {
    Map<String, String> stored = new LinkedHashMap<>(shown);
    stored.put(OTHER_DIMENSIONS, "");
    if (stored.containsKey(LIMITS_SHOWN)) {
      LimitFields.names("").forEach(name -> stored.putIfAbsent(name, ""));
    }
    List<String> compared = new ArrayList<>(EditForm.compared(stored));
    compared.removeIf(name -> BudgetFields.isOfNone(name, sent, stored));
    return EditForm.refused(problem, sent, "project", stored, compared);
  }

  private static Set<String> names() {
    Set<String> names = new HashSet<>(LimitFields.names(""));
    names.addAll(FieldInputs.names(Project.FIELDS, SERVICE, SERVICE + Fields.SHOWN));
    names.addAll(List.of(OTHER_DIMENSIONS, LIMITS_SHOWN, Versions.FIELD));
    return names;
  }

  private static Map<String, String> shown(Actor actor, ProjectView view) {
    Map<String, String> shown =
        new LinkedHashMap<>(FieldInputs.shown(view.project().values(), fields(actor, view)));
    if (allows(actor, view, ProjectAction.BIND)) {
      String service = view.service().map(Instance.Ref::toString).orElse("");
      shown.put(SERVICE, service);
      shown.put(SERVICE + Fields.SHOWN, service);
      shown.put(LIMITS_SHOWN, "yes");
      shown.putAll(LimitFields.shown(view.project().limits(), ""));
    }
    shown.put(Versions.FIELD, Long.toString(view.project().version()));
    return shown;
  }

  private static List<ScalarField<?>> fields(Actor actor, ProjectView view) {
    return Project.FIELDS.stream()
        .filter(field -> allows(actor, view, ProjectPermissions.toChange(field)))
        .toList();
  }

  static boolean allows(Actor actor, ProjectView view, ProjectAction action) {
    return actor.mayManage() && ProjectPermissions.allows(view.relationship(), action);
  }

  private ProjectView find(Visit visit) {
    return Problems.valueOf(projects.find(visit.signedIn().actor(), ProjectAddress.of(visit)));
  }

  private void show(Visit visit, ProjectView view, EditForm change) {
    Actor actor = visit.signedIn().actor();
    Project project = view.project();
    List<Fact> facts = Fact.of(project.values(), Project.FIELDS);
    facts.add(new Fact("Service", view.service().map(Instance.Ref::toString).orElse("–")));
    facts.add(new Fact("Limits of each person", LimitWords.listed(project.limits())));
    facts.add(new Fact("State", ProjectListPage.state(view).label()));
    facts.add(new Fact("Your role", ProjectListPage.role(actor, view)));
    facts.add(new Fact("Base URL", urls.gateway() + "/gateway/projects/" + project.ref()));
    views.show(
        visit,
        change.status(),
        Area.PROJECTS,
        "Project " + project.ref(),
        "project",
        new OneProjectView(
            ProjectAddress.path(project.ref()),
            facts,
            fields(actor, view),
            allows(actor, view, ProjectAction.BIND),
            allows(actor, view, ProjectAction.SEE_MEMBERS)
                ? ProjectPeoplePage.pathOf(project.ref())
                : null,
            allows(actor, view, ProjectAction.DELETE)
                ? DeleteProjectPage.pathOf(project.ref())
                : null,
            allows(actor, view, ProjectAction.LEAVE)
                ? LeaveProjectPage.pathOf(project.ref())
                : null,
            change.form(),
            change.differing()));
  }

  /**
   * One project.
   *
   * @param path the path to which the form is sent
   * @param fields the scalar fields that the viewer may change
   * @param mayBind whether the viewer may choose the project's service and set limits
   * @param people the address of the page with the members; null if the viewer may not see them
   * @param delete where the project can be deleted: the address of a page; null if the viewer may
   *     not delete it
   * @param leave where the viewer can end their membership: the address of a page; null if the
   *     viewer is not a member
   * @param differing the fields that somebody else changed while the form was open
   */
  public record OneProjectView(
      String path,
      List<Fact> facts,
      List<ScalarField<?>> fields,
      boolean mayBind,
      @Nullable String people,
      @Nullable String delete,
      @Nullable String leave,
      FormState form,
      List<Difference> differing) {
    public OneProjectView {
      facts = List.copyOf(facts);
      fields = List.copyOf(fields);
      differing = List.copyOf(differing);
    }
  }
}
