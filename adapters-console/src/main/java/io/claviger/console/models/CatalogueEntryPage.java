package io.claviger.console.models;

import io.claviger.application.models.ModelConfigView;
import io.claviger.application.models.ModelConfigView.TargetView;
import io.claviger.application.models.ModelConfigs;
import io.claviger.application.models.ModelConfigs.ModelConfigCommand;
import io.claviger.application.models.ModelConfigs.NamedTarget;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Difference;
import io.claviger.console.page.EditForm;
import io.claviger.console.page.Fact;
import io.claviger.console.page.FieldInputs;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelFields;
import io.claviger.domain.models.ModelWrite;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Address;
import io.claviger.web.server.Routes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Shows one model of the catalogue, and the form on which administrators change it. Also deletes
 * the model, after a page has shown what ends with the model.
 */
public final class CatalogueEntryPage implements ConsolePage {
  static final String SERVICE = "service";
  static final String TARGETS = "targets";

  private static final String PATTERN = Area.MODELS.path() + "/catalogue/{id}";

  private final ModelConfigs models;
  private final Views views;

  public CatalogueEntryPage(ModelConfigs models, Views views) {
    this.models = models;
    this.views = views;
  }

  public static String pathOf(ModelConfig.Id model) {
    return Area.MODELS.path() + "/catalogue/" + model.value();
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(routes, PATTERN, this::show, this::change);
    Submission.addPage(routes, PATTERN + "/delete", visitors, this::warn, this::delete);
  }

  private void delete(Visit visit) {
    Submission.ofDeletion(
        visit,
        version -> models.delete(visit.signedIn().actor(), model(visit), version),
        Area.MODELS.path(),
        this::warn);
  }

  private void warn(Visit visit, int status, FormState form) {
    ModelConfigView view = find(visit);
    ModelConfig model = view.model();
    String back = pathOf(model.id());
    views.show(
        visit,
        status,
        Area.MODELS,
        "Delete " + model.route().name().value(),
        "modelDelete",
        new ModelDeletionView(
            back + "/delete",
            back,
            model.route().name().value(),
            model.route().format().wireName(),
            model.isDefault(),
            model.version(),
            view.targets().stream()
                .map(target -> target.service() + " " + target.model().value())
                .toList(),
            form));
  }

  private void show(Visit visit) {
    ModelConfigView view = find(visit);
    show(visit, view, EditForm.of(shown(view)));
  }

  private void change(Visit visit) {
    ModelConfig.Id model = model(visit);
    Submission.of(
        visit,
        FieldInputs.names(
            ModelFields.ALL,
            SERVICE,
            SERVICE + Fields.SHOWN,
            TARGETS,
            TARGETS + Fields.SHOWN,
            Versions.FIELD),
        form -> {
          Fields fields = new Fields(form);
          Field<List<NamedTarget>> targets = fields.changed(TARGETS, CatalogueEntryPage::targets);
          ModelConfigCommand command =
              new ModelConfigCommand(
                  new ModelWrite(
                      FieldInputs.changes(fields, find(visit).model().values(), ModelFields.ALL)),
                  fields.changed(SERVICE, CatalogueEntryPage::service),
                  targets instanceof Field.Null ? Field.of(List.of()) : targets);
          Problems.throwIfRefused(
              models.patch(
                  visit.signedIn().actor(),
                  model,
                  Versions.demandedBy(form),
                  fields.check(() -> command)));
          return pathOf(model);
        },
        (problem, sent) -> {
          ModelConfigView view = find(visit);
          show(visit, view, EditForm.refused(problem, sent, "model", shown(view)));
        });
  }

  /**
   * Reads the reference of a service. The text can leave out the owner if the service is
   * system-level.
   */
  static Instance.Ref service(String text) {
    return Instance.Ref.of(Address.completed(text, Handle.SYSTEM));
  }

  /**
   * Reads targets; each line of the text is one target. A target consists of a service and the
   * provider's name for the model.
   */
  static List<NamedTarget> targets(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .map(CatalogueEntryPage::target)
        .toList();
  }

  private static NamedTarget target(String line) {
    String[] parts = line.split("\\s+", 2);
    if (parts.length < 2) {
      throw new InvalidValue(
          TARGETS, "a service and the provider's name for the model in each line: house gpt-5.2");
    }
    return new NamedTarget(service(parts[0]), new ModelName(parts[1]));
  }

  private static Map<String, String> shown(ModelConfigView view) {
    Map<String, String> shown =
        new LinkedHashMap<>(FieldInputs.shown(view.model().values(), ModelFields.ALL));
    String service = view.service().map(Instance.Ref::toString).orElse("");
    String targets =
        view.targets().stream()
            .map(target -> target.service() + " " + target.model().value())
            .collect(Collectors.joining("\n"));
    for (String mark : List.of("", Fields.SHOWN)) {
      shown.put(SERVICE + mark, service);
      shown.put(TARGETS + mark, targets);
    }
    shown.put(Versions.FIELD, Long.toString(view.model().version()));
    return shown;
  }

  private ModelConfigView find(Visit visit) {
    return Problems.valueOf(models.find(visit.signedIn().actor(), model(visit)));
  }

  private static ModelConfig.Id model(Visit visit) {
    try {
      return new ModelConfig.Id(UUID.fromString(visit.pathParam("id")));
    } catch (IllegalArgumentException e) {
      throw new InvalidValue("id", "the id of a model");
    }
  }

  private void show(Visit visit, ModelConfigView view, EditForm change) {
    ModelConfig model = view.model();
    List<Fact> facts = Fact.of(model.values(), ModelFields.ALL);
    facts.add(new Fact("Format", model.route().format().wireName()));
    for (TargetView target : view.targets()) {
      facts.add(new Fact("Target", target.service() + " " + target.model().value()));
    }
    facts.add(new Fact("State", ModelPages.words(view.status())));
    model.createdBy().ifPresent(user -> facts.add(new Fact("Created by", user.value())));
    model.updatedBy().ifPresent(user -> facts.add(new Fact("Changed by", user.value())));
    views.show(
        visit,
        change.status(),
        Area.MODELS,
        "Model " + model.route().name().value(),
        "model",
        new ModelView(pathOf(model.id()), facts, change.form(), change.differing()));
  }

  /**
   * The page that shows what ends if a model is deleted.
   *
   * @param path the path to which the form for deleting the model is sent
   * @param back the address of the model's page
   * @param targets the services that serve the model, each with its provider's name for the model
   */
  public record ModelDeletionView(
      String path,
      String back,
      String name,
      String format,
      boolean isDefault,
      long version,
      List<String> targets,
      FormState form) {
    public ModelDeletionView {
      targets = List.copyOf(targets);
    }
  }

  /**
   * The page that shows one model of the catalogue.
   *
   * @param path the path to which the form is sent
   * @param differing the fields that somebody else changed while the form was open
   */
  public record ModelView(
      String path, List<Fact> facts, FormState form, List<Difference> differing) {
    public ModelView {
      facts = List.copyOf(facts);
      differing = List.copyOf(differing);
    }

    public List<ScalarField<?>> fields() {
      return ModelFields.ALL;
    }
  }
}
