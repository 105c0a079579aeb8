package io.claviger.console.models;

import io.claviger.application.UseCases;
import io.claviger.application.models.ModelConfigView;
import io.claviger.application.models.Models.RunnableModel;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.TimeCursor;
import io.claviger.console.page.Area;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Views;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelStatus;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;

/** The catalogue: all of it for administrators, for others the models that they can run. */
public final class ModelPages {
  private static final String PATH = Area.MODELS.path();

  private final UseCases useCases;
  private final Views views;

  public ModelPages(UseCases useCases, Views views) {
    this.useCases = useCases;
    this.views = views;
  }

  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::show));
  }

  private void show(Visit visit) {
    Actor actor = visit.signedIn().actor();
    if (actor.administrator() && actor.mayManage()) {
      showCatalogue(visit, actor);
    } else {
      showRunnable(visit, actor);
    }
  }

  private void showCatalogue(Visit visit, Actor actor) {
    Page<ModelConfigView, TimeCursor> page =
        Problems.valueOf(
            useCases.modelConfigs().list(actor, Paging.asked(visit, CursorFormat.TIME)));
    ModelPrices prices = new ModelPrices();
    page.items().stream()
        .flatMap(view -> view.targets().stream())
        .forEach(target -> prices.want(target.service(), target.model()));
    prices.read(useCases.servicePrices(), actor);
    views.show(
        visit,
        Area.MODELS,
        "Models",
        "catalogue",
        new CatalogueModel(
            page.items().stream().map(view -> entry(view, prices)).toList(),
            Paging.next(page, CursorFormat.TIME, Links.to(PATH))));
  }

  private void showRunnable(Visit visit, Actor actor) {
    Page<RunnableModel, TimeCursor> page =
        Problems.valueOf(useCases.models().list(actor, Paging.asked(visit, CursorFormat.TIME)));
    ModelPrices prices = new ModelPrices();
    page.items().forEach(model -> prices.want(model.service(), model.called()));
    prices.read(useCases.servicePrices(), actor);
    views.show(
        visit,
        Area.MODELS,
        "Models that you can run",
        "runnableModels",
        new RunnableModels(
            page.items().stream().map(model -> runnable(model, prices)).toList(),
            Paging.next(page, CursorFormat.TIME, Links.to(PATH))));
  }

  private static CatalogueModel.Entry entry(ModelConfigView view, ModelPrices prices) {
    ModelConfig model = view.model();
    return new CatalogueModel.Entry(
        model.route().name().value(),
        model.settings().displayName().value(),
        model.route().format().wireName(),
        model.isDefault(),
        status(view.status()),
        model.route().onFailure().wireName(),
        view.targets().stream()
            .map(
                target ->
                    new CatalogueModel.Target(
                        target.service().toString(),
                        target.model().value(),
                        status(target.status()),
                        prices.of(target.service(), target.model())))
            .toList());
  }

  private static RunnableModels.Entry runnable(RunnableModel runnable, ModelPrices prices) {
    ModelConfig model = runnable.model();
    return new RunnableModels.Entry(
        model.route().name().value(),
        model.settings().displayName().value(),
        model.route().format().wireName(),
        model.isDefault(),
        runnable.service().toString(),
        runnable.called().value(),
        prices.of(runnable.service(), runnable.called()),
        runnable.source().wireName());
  }

  private static CatalogueModel.Status status(ModelStatus status) {
    String tone =
        switch (status) {
          case RUNNABLE -> "good";
          case DISABLED, INSTANCE_DISABLED -> "muted";
          case NO_INSTANCE, USER_API_KEY_REQUIRED, MISSING_API_KEY -> "warn";
        };
    return new CatalogueModel.Status(status.wireName().replace('_', ' '), tone);
  }
}
