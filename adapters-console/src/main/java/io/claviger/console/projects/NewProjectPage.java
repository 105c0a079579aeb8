package io.claviger.console.projects;

import io.claviger.application.projects.Projects;
import io.claviger.application.projects.Projects.ProjectCommand;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.console.limits.LimitFields;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Difference;
import io.claviger.console.page.FieldInputs;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.ProjectAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.domain.projects.Project;
import io.claviger.web.pages.PageProblem;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Address;
import io.claviger.web.server.Routes;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The form with which people create projects of their own. */
public final class NewProjectPage implements ConsolePage {
  static final String PATH = "/console/projects/new";
  private static final String HANDLE = "handle";
  private static final String SERVICE = "service";
  private static final Set<String> SENT = sent();

  private final Projects projects;
  private final Views views;

  public NewProjectPage(Projects projects, Views views) {
    this.projects = projects;
    this.views = views;
  }

  private static Set<String> sent() {
    Set<String> sent = new HashSet<>(FieldInputs.names(Project.FIELDS, HANDLE, SERVICE));
    sent.addAll(LimitFields.names(""));
    return Set.copyOf(sent);
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(
        routes, PATH, visit -> show(visit, 200, FieldInputs.ofNew(Project.FIELDS)), this::create);
  }

  private void create(Visit visit) {
    Actor actor = visit.signedIn().actor();
    Submission.of(
        visit,
        SENT,
        form -> ProjectAddress.path(create(actor, new Fields(form))),
        (problem, sent) ->
            show(
                visit,
                problem.status(),
                problem.status() == Difference.PRECONDITION_FAILED
                    ? sent.with(HANDLE, "You have a project of this name.")
                    : sent.with(problem)));
  }

  private Project.Ref create(Actor actor, Fields fields) {
    Optional<Project.Ref> ref =
        fields.required(
            HANDLE,
            "Name the project. Its members refer to it by this name.",
            text -> new Project.Ref(actor.handle(), new Handle(text)));
    Optional<Instance.Ref> service =
        fields.optional(SERVICE, text -> Instance.Ref.of(Address.completed(text, actor.handle())));
    ProjectCommand command =
        new ProjectCommand(
            FieldInputs.read(fields, Project.FIELDS),
            Field.from(service),
            false,
            LimitsWrite.of(LimitFields.read(fields, "")));
    return Problems.valueOf(
            projects.put(actor, fields.check(ref::orElseThrow), Precondition.CREATE_ONLY, command))
        .view()
        .project()
        .ref();
  }

  private void show(Visit visit, int status, FormState form) {
    if (!visit.signedIn().actor().mayManage()) {
      throw new PageProblem(
          403,
          "That did not work",
          "To create a project, sign in with an access token that may change things.");
    }
    views.show(
        visit,
        status,
        Area.PROJECTS,
        "New project",
        "newProject",
        new NewProjectView(PATH, visit.signedIn().actor().handle().value(), form));
  }

  /**
   * The page with the form for a new project.
   *
   * @param path the path to which the form is sent
   * @param owner the handle of the viewer, who will own the project
   */
  public record NewProjectView(String path, String owner, FormState form) {
    public List<ScalarField<?>> fields() {
      return Project.FIELDS;
    }
  }
}
