package io.claviger.console.models;

import io.claviger.application.gateway.TestCalls;
import io.claviger.application.models.ModelConfigView;
import io.claviger.application.models.ModelConfigs;
import io.claviger.application.models.Models;
import io.claviger.application.models.Models.RunnableModel;
import io.claviger.application.prices.ServicePrices;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.TimeCursor;
import io.claviger.console.gateway.TestCallRunner;
import io.claviger.console.gateway.TestCallRunner.TestCallView;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fields;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Views;
import io.claviger.console.prices.PriceLine;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.FailureMode;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelStatus;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.PriceTerms;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pages of the model catalogue. Administrators see the whole catalogue, and other users see the
 * models that they can run.
 */
public final class ModelPages implements ConsolePage {
  private static final String PATH = Area.MODELS.path();

  private final Models models;
  private final ModelConfigs modelConfigs;
  private final ServicePrices servicePrices;
  private final Views views;
  private final TestCallRunner testCalls;

  public ModelPages(
      Models models,
      ModelConfigs modelConfigs,
      TestCalls testCalls,
      ServicePrices servicePrices,
      Views views) {
    this.models = models;
    this.modelConfigs = modelConfigs;
    this.servicePrices = servicePrices;
    this.views = views;
    this.testCalls = new TestCallRunner(testCalls);
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(visit -> show(visit, null)));
    visitors.addPage(routes, ModelTestCall.PATH, visit -> visit.redirect(PATH), this::call);
  }

  /**
   * Answers with the outcome of a test call. A script gets the outcome as a part of the page, and
   * other clients get it as the whole page.
   */
  private void call(Visit visit) {
    Form form = visit.form();
    Instance.Ref service = Instance.Ref.of(form.value("service").orElse(""));
    TestCallView.Result result = testCalls.run(visit, service, new Fields(form));
    if (visit.wantsPart()) {
      views.part(visit, "testCallResult", "result", result);
    } else {
      show(visit, new ModelTestCall(service.toString(), form.value("model").orElse(""), result));
    }
  }

  private void show(Visit visit, @Nullable ModelTestCall made) {
    Actor actor = visit.signedIn().actor();
    if (actor.administrator() && actor.mayManage()) {
      showCatalogue(visit, actor, made);
    } else {
      showRunnable(visit, actor, made);
    }
  }

  private void showCatalogue(Visit visit, Actor actor, @Nullable ModelTestCall made) {
    Page<ModelConfigView, TimeCursor> page =
        Problems.valueOf(modelConfigs.list(actor, Paging.asked(visit, CursorFormat.TIME)));
    ModelPrices prices = new ModelPrices();
    page.items().stream()
        .flatMap(view -> view.targets().stream())
        .forEach(target -> prices.want(target.service(), target.model()));
    prices.read(servicePrices, actor);
    views.show(
        visit,
        Area.MODELS,
        "Models",
        "catalogue",
        new CatalogueView(
            page.items().stream().map(view -> entry(view, prices, made)).toList(),
            Paging.next(page, CursorFormat.TIME, Links.to(PATH))));
  }

  private void showRunnable(Visit visit, Actor actor, @Nullable ModelTestCall made) {
    Page<RunnableModel, TimeCursor> page =
        Problems.valueOf(models.list(actor, Paging.asked(visit, CursorFormat.TIME)));
    ModelPrices prices = new ModelPrices();
    page.items().forEach(model -> prices.want(model.service(), model.called()));
    prices.read(servicePrices, actor);
    views.show(
        visit,
        Area.MODELS,
        "Models that you can run",
        "runnableModels",
        new RunnableModels(
            page.items().stream().map(model -> runnable(actor, model, prices, made)).toList(),
            Paging.next(page, CursorFormat.TIME, Links.to(PATH))));
  }

  private static CatalogueView.Entry entry(
      ModelConfigView view, ModelPrices prices, @Nullable ModelTestCall made) {
    ModelConfig model = view.model();
    return new CatalogueView.Entry(
        CatalogueEntryPage.pathOf(model.id()),
        model.route().name().value(),
        model.settings().displayName().value(),
        model.route().format().wireName(),
        model.isDefault(),
        status(view.status()),
        onFailure(model.route().onFailure()),
        view.targets().stream()
            .map(
                target ->
                    new CatalogueView.TargetLine(
                        target.service().toString(),
                        target.model().value(),
                        status(target.status()),
                        prices.of(target.service(), target.model()),
                        target.status() == ModelStatus.RUNNABLE
                                || target.status() == ModelStatus.SHARE_REQUIRED
                            ? ModelTestCall.of(target.service(), target.model(), made)
                            : null))
            .toList());
  }

  private static String onFailure(FailureMode mode) {
    return switch (mode) {
      case NONE ->
          "A call goes to the first target that the caller can call. If the call fails there, no"
              + " other target is tried.";
      case NEXT ->
          "If a call fails at a target, the next target is tried, unless the provider might have"
              + " run the call already.";
    };
  }

  private static RunnableModels.Entry runnable(
      Actor actor, RunnableModel runnable, ModelPrices prices, @Nullable ModelTestCall made) {
    ModelConfig model = runnable.model();
    return new RunnableModels.Entry(
        model.route().name().value(),
        model.settings().displayName().value(),
        model.route().format().wireName(),
        model.isDefault(),
        runnable.service().toString(),
        runnable.called().value(),
        prices.of(runnable.service(), runnable.called()),
        TestCallView.key(runnable.source().wireName()),
        actor.mayManage() ? ModelTestCall.of(runnable.service(), runnable.called(), made) : null);
  }

  private static CatalogueView.Status status(ModelStatus status) {
    String tone =
        switch (status) {
          case RUNNABLE -> "good";
          case DISABLED, INSTANCE_DISABLED, SHARE_REQUIRED -> "muted";
          case NO_INSTANCE, USER_API_KEY_REQUIRED, MISSING_API_KEY -> "warn";
        };
    return new CatalogueView.Status(words(status), tone);
  }

  /** Returns the status in words. In these names, the API calls a service an instance. */
  static String words(ModelStatus status) {
    return status.wireName().replace("instance", "service").replace('_', ' ');
  }

  /** The present prices of models, at the services that serve these models. */
  private static final class ModelPrices {
    private static final String UNKNOWN = "no price";

    private final Map<Instance.Ref, Set<ModelName>> wanted = new HashMap<>();
    private final Map<Instance.Ref, Map<ModelName, CallPrices>> found = new HashMap<>();

    /** Requests the prices of this model at this service. */
    void want(Instance.Ref service, ModelName model) {
      boolean unused = wanted.computeIfAbsent(service, ref -> new HashSet<>()).add(model);
    }

    /**
     * Reads the requested prices. Prices at services that the actor does not see remain unknown.
     */
    ModelPrices read(ServicePrices prices, Actor actor) {
      wanted.forEach(
          (service, models) -> {
            switch (prices.ofCalls(actor, service, models)) {
              case Outcome.Done<Map<ModelName, CallPrices>> done ->
                  found.put(service, done.value());
              case Outcome.Refused<Map<ModelName, CallPrices>> refused -> {}
            }
          });
      return this;
    }

    /** Returns the prices of a million tokens in words, such as {@code $2.50 in, $10 out}. */
    String of(Instance.Ref service, ModelName model) {
      return found
          .getOrDefault(service, Map.of())
          .getOrDefault(model, CallPrices.NONE)
          .forService()
          .map(price -> words(price.terms()))
          .orElse(UNKNOWN);
    }

    private static String words(PriceTerms terms) {
      if (terms.isFree()) {
        return "free";
      }
      Rates rates = terms.rates();
      if (rates.isEmpty()) {
        return "by use";
      }
      return dollars(rates, Rate.INPUT) + " in, " + dollars(rates, Rate.OUTPUT) + " out";
    }

    private static String dollars(Rates rates, Rate rate) {
      return PriceLine.dollars(rate, rates.of(rate));
    }
  }

  /**
   * The catalogue, as administrators see it.
   *
   * @param next the address of the next page; null on the last page
   */
  public record CatalogueView(List<Entry> entries, @Nullable String next) {
    public CatalogueView {
      entries = List.copyOf(entries);
    }

    /**
     * A model of the catalogue, as the list shows it.
     *
     * @param path the path of the model's page
     * @param name the name by which callers call the model
     * @param onFailure a sentence that says whether calls fail over to the next target
     * @param targets the services that serve the model, in the order in which they are tried
     */
    public record Entry(
        String path,
        String name,
        String displayName,
        String format,
        boolean isDefault,
        Status status,
        String onFailure,
        List<TargetLine> targets) {
      public Entry {
        targets = List.copyOf(targets);
      }
    }

    /**
     * A service that serves a model, as the list shows it.
     *
     * @param price the price for a million tokens at the service, in words
     * @param testCall the button for a test call; null if nobody could make a test call
     */
    public record TargetLine(
        String service,
        String model,
        Status status,
        String price,
        @Nullable ModelTestCall testCall) {}

    /**
     * Says in a word whether users without their own key can run the model, and gives the word its
     * colour.
     */
    public record Status(String label, String tone) {}
  }
}
