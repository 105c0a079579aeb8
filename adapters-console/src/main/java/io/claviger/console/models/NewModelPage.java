package io.claviger.console.models;

import io.claviger.application.models.ModelConfigs;
import io.claviger.application.models.ModelConfigs.ModelConfigCommand;
import io.claviger.application.models.ModelConfigs.NamedTarget;
import io.claviger.application.shared.Actor;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.FieldInputs;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.Field;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelFields;
import io.claviger.domain.models.ModelWrite;
import io.claviger.web.pages.PageProblem;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The form with which administrators add a model to the catalogue. The form requires a name,
 * although the API can choose one: because names are unique, a form that is sent twice adds only
 * one model.
 */
public final class NewModelPage implements ConsolePage {
  static final String PATH = Area.MODELS.path() + "/new";
  private static final String NAME = ModelFields.NAME.name();
  private static final Set<String> SENT =
      FieldInputs.names(ModelFields.ALL, CatalogueEntryPage.SERVICE, CatalogueEntryPage.TARGETS);

  private final ModelConfigs models;
  private final Views views;

  public NewModelPage(ModelConfigs models, Views views) {
    this.models = models;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(
        routes, PATH, visit -> show(visit, 200, FieldInputs.ofNew(ModelFields.ALL)), this::create);
  }

  private void create(Visit visit) {
    Submission.of(
        visit,
        SENT,
        form -> create(visit.signedIn().actor(), new Fields(form)),
        (problem, sent) -> show(visit, problem.status(), refused(problem, sent)));
  }

  private static FormState refused(Problem problem, FormState sent) {
    return problem.code().equals("name_taken")
        ? sent.with(NAME, problem.detail())
        : sent.with(problem);
  }

  private String create(Actor actor, Fields fields) {
    if (!fields.has(NAME)) {
      fields.fault(NAME, "Give the model a name by which callers call it.");
    }
    Optional<Instance.Ref> service =
        fields.optional(CatalogueEntryPage.SERVICE, CatalogueEntryPage::service);
    Optional<List<NamedTarget>> targets =
        fields.optional(CatalogueEntryPage.TARGETS, CatalogueEntryPage::targets);
    ModelConfigCommand command =
        new ModelConfigCommand(
            new ModelWrite(FieldInputs.read(fields, ModelFields.ALL)),
            Field.from(service),
            Field.from(targets));
    return CatalogueEntryPage.pathOf(
        Problems.valueOf(models.create(actor, fields.check(() -> command))).model().id());
  }

  private void show(Visit visit, int status, FormState form) {
    Actor actor = visit.signedIn().actor();
    if (!actor.administrator() || !actor.mayManage()) {
      throw new PageProblem(
          403,
          "That did not work",
          "Only administrators can add models to the catalogue. They need an access token that may"
              + " change things.");
    }
    views.show(visit, status, Area.MODELS, "New model", "newModel", new NewModelView(PATH, form));
  }

  /**
   * The page with the form for a new model.
   *
   * @param path the path to which the form is sent
   */
  public record NewModelView(String path, FormState form) {
    public List<ScalarField<?>> fields() {
      return ModelFields.ALL;
    }
  }
}
