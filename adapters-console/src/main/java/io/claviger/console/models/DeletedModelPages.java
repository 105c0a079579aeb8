package io.claviger.console.models;

import io.claviger.application.models.ModelConfigs;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.TimeCursor;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.models.DeletedModel;
import io.claviger.domain.models.ModelConfig;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Shows administrators the models that were deleted from the catalogue, and lets them restore these
 * models.
 */
public final class DeletedModelPages implements ConsolePage {
  private static final String PATH = Area.MODELS.path() + "/deleted";

  private final ModelConfigs models;
  private final Views views;

  public DeletedModelPages(ModelConfigs models, Views views) {
    this.models = models;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    Submission.addPage(routes, PATH, visitors, this::show, this::restore);
  }

  private void restore(Visit visit) {
    Submission.of(
        visit,
        form -> {
          ModelConfig.Id id = id(form.value("model").orElse(""));
          return CatalogueEntryPage.pathOf(
              Problems.valueOf(models.restore(visit.signedIn().actor(), id)).model().id());
        },
        this::show);
  }

  private static ModelConfig.Id id(String text) {
    try {
      return new ModelConfig.Id(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      throw new InvalidValue("model", "the id of a deleted model");
    }
  }

  private void show(Visit visit, int status, FormState form) {
    Page<DeletedModel, TimeCursor> page =
        Problems.valueOf(
            models.listDeleted(visit.signedIn().actor(), Paging.asked(visit, CursorFormat.TIME)));
    views.show(
        visit,
        status,
        Area.MODELS,
        "Deleted models",
        "deletedModels",
        new DeletedModelsView(
            PATH,
            page.items().stream().map(DeletedModelPages::line).toList(),
            Paging.next(page, CursorFormat.TIME, Links.to(PATH)),
            form));
  }

  private static DeletedModelsView.Line line(DeletedModel deleted) {
    return new DeletedModelsView.Line(
        deleted.model().id().value().toString(),
        deleted.model().route().name().value(),
        deleted.model().settings().displayName().value(),
        deleted.deletedBy().map(Handle::value).orElse("somebody who was deleted"),
        deleted.at().toString());
  }

  /**
   * One page of the deleted models. The model that was deleted last comes first.
   *
   * @param next the address of the next page; null on the last page
   * @param form the form that restores a model; after a refused attempt, with the reason of the
   *     refusal
   */
  public record DeletedModelsView(
      String path, List<Line> lines, @Nullable String next, FormState form) {
    public DeletedModelsView {
      lines = List.copyOf(lines);
    }

    public record Line(String id, String name, String displayName, String deletedBy, String at) {}
  }
}
