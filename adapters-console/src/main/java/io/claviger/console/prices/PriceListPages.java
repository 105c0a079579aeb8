package io.claviger.console.prices;

import io.claviger.application.instances.Instances;
import io.claviger.application.prices.Prices;
import io.claviger.application.prices.PublishedPrices;
import io.claviger.application.prices.ServicePrices;
import io.claviger.application.prices.port.PriceFilter;
import io.claviger.application.prices.port.PricePosition;
import io.claviger.application.providers.Providers;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.console.instances.ServiceRights;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Days;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Views;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.Rate;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lists the prices that apply today or on another day. */
public final class PriceListPages implements ConsolePage {
  private static final Set<String> FILTERS = Set.of("provider", "model", "on");

  private final Instances instances;
  private final Prices prices;
  private final ServicePrices servicePrices;
  private final Providers providers;
  private final Views views;

  public PriceListPages(
      Instances instances,
      Prices prices,
      ServicePrices servicePrices,
      Providers providers,
      Views views) {
    this.instances = instances;
    this.prices = prices;
    this.servicePrices = servicePrices;
    this.providers = providers;
    this.views = views;
  }

  static List<String> names(Providers providers) {
    return providers.all().stream().map(Provider::wireName).toList();
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(DeploymentPrices.LIST).openGet(visitors.signedIn(this::listAll));
    routes.pageAt(OwnPrices.LIST).openGet(visitors.signedIn(this::listOwn));
    for (boolean own : new boolean[] {false, true}) {
      PriceRealm realm = new PriceRealm(prices, servicePrices, own);
      new PricePages(realm, providers, views).addTo(routes, visitors);
      new PriceDeletionPages(realm, views).addTo(routes, visitors);
    }
  }

  private void listAll(Visit visit) {
    Actor actor = visit.signedIn().actor();
    FormState filters = asked(visit);
    String form = actor.administrator() && actor.mayManage() ? DeploymentPrices.FORM : null;
    try {
      Fields fields = fields(filters);
      Optional<Provider> provider = fields.optional("provider", Provider::of);
      PriceFilter filter = filter(fields);
      Page<ListedPrice, PricePosition> page =
          prices.list(actor, provider, filter, Paging.asked(visit, CursorFormat.PRICE));
      show(visit, 200, null, DeploymentPrices.LIST, form, filters, page);
    } catch (RuntimeException e) {
      Problem problem = Problems.orThrow(e);
      FormState explained = filters.with(problem);
      show(
          visit,
          problem.status(),
          null,
          DeploymentPrices.LIST,
          form,
          explained,
          Page.whole(List.of()));
    }
  }

  private void listOwn(Visit visit) {
    Actor actor = visit.signedIn().actor();
    Instance.Ref service = ServiceAddress.of(visit);
    PriceKeeper keeper = new OwnPrices(servicePrices, service);
    String form =
        ServiceRights.of(actor, Problems.valueOf(instances.find(actor, service))).setPrices()
            ? keeper.form()
            : null;
    FormState filters = asked(visit);
    try {
      PriceFilter filter = filter(fields(filters));
      Page<ListedPrice, PricePosition> page =
          Problems.valueOf(keeper.list(actor, filter, Paging.asked(visit, CursorFormat.PRICE)));
      show(visit, 200, service, keeper.list(), form, filters, page);
    } catch (RuntimeException e) {
      Problem problem = Problems.orThrow(e);
      FormState explained = filters.with(problem);
      show(visit, problem.status(), service, keeper.list(), form, explained, Page.whole(List.of()));
    }
  }

  /**
   * Reads the filters. If the address contains no day, the prices of today are listed. If the
   * address has an empty day, all prices are listed.
   */
  private static FormState asked(Visit visit) {
    FormState asked = FormState.asked(visit, FILTERS);
    return asked.has("on") ? asked : asked.having("on", LocalDate.now(ZoneOffset.UTC).toString());
  }

  private static Fields fields(FormState filters) {
    return Fields.of(filters.values());
  }

  private static PriceFilter filter(Fields fields) {
    Optional<ModelName> model = fields.optional("model", ModelName::new);
    Optional<LocalDate> on = fields.optional("on", text -> Days.of("on", text));
    return fields.check(() -> new PriceFilter(model, on));
  }

  private void show(
      Visit visit,
      int status,
      Instance.@Nullable Ref service,
      String path,
      @Nullable String form,
      FormState filters,
      Page<ListedPrice, PricePosition> page) {
    Links here =
        Links.to(path)
            .with("provider", filters.value("provider"))
            .with("model", filters.value("model"))
            .withAny("on", filters.value("on"));
    String edit = form == null ? DeploymentPrices.FORM : form;
    views.show(
        visit,
        status,
        service == null ? Area.PRICES : Area.SERVICES,
        service == null ? "Prices" : "Prices of " + service,
        "prices",
        new PriceListView(
            service == null ? null : service.toString(),
            path,
            form,
            service == null ? names(providers) : List.of(),
            filters,
            page.items().stream().map(listed -> PriceLine.of(listed, edit)).toList(),
            Paging.next(page, CursorFormat.PRICE, here),
            PublishedView.of(prices.published(), filters.value("model"))));
  }

  /**
   * The providers' published prices, which are part of the program.
   *
   * @param age the age of the prices, in words
   * @param sources the prices, grouped by the place where the provider published them
   */
  public record PublishedView(String age, List<PublishedSource> sources) {
    public PublishedView {
      sources = List.copyOf(sources);
    }

    /**
     * @param model the model whose prices are requested; if empty, the prices of all models are
     *     requested
     */
    static PublishedView of(PublishedPrices published, String model) {
      Map<PublishedSource, List<PublishedLine>> lines = new LinkedHashMap<>();
      for (PublishedPrices.PublishedPrice price : published.all()) {
        for (ModelName name : price.models()) {
          if (model.isEmpty() || name.value().equals(model)) {
            lines
                .computeIfAbsent(PublishedSource.of(price), source -> new ArrayList<>())
                .add(PublishedLine.of(price, name));
          }
        }
      }
      return new PublishedView(
          published.age(LocalDate.now(ZoneOffset.UTC)),
          lines.entrySet().stream().map(e -> e.getKey().with(e.getValue())).toList());
    }
  }

  /**
   * The prices that a provider published on one web page.
   *
   * @param hosts the host names of endpoints for which these prices apply
   * @param address the address of the page on which the provider publishes the prices
   */
  public record PublishedSource(String hosts, String address, List<PublishedLine> lines) {
    public PublishedSource {
      lines = List.copyOf(lines);
    }

    static PublishedSource of(PublishedPrices.PublishedPrice price) {
      return new PublishedSource(String.join(", ", price.hosts()), price.source(), List.of());
    }

    PublishedSource with(List<PublishedLine> all) {
      return new PublishedSource(hosts, address, all);
    }
  }

  /**
   * The price of a model under one of the model's names.
   *
   * @param others the rates without a column of their own, and the rates that apply only to some
   *     calls, in words
   */
  public record PublishedLine(String model, String input, String output, List<String> others) {
    public PublishedLine {
      others = List.copyOf(others);
    }

    static PublishedLine of(PublishedPrices.PublishedPrice price, ModelName model) {
      return new PublishedLine(
          model.value(),
          PriceLine.text(price.price().rates(), Rate.INPUT),
          PriceLine.text(price.price().rates(), Rate.OUTPUT),
          PriceLine.others(price.price(), Set.of(Rate.INPUT, Rate.OUTPUT)));
    }
  }

  /**
   * One page of a list of prices.
   *
   * @param service the service whose prices the page lists; if null, the page lists the prices of
   *     the deployment
   * @param path the address of the list, without the query
   * @param form the address of the form for a price; null if the viewer may not write prices
   * @param providers the providers from which the viewer can choose; empty if the page lists the
   *     prices of a service
   * @param next the address of the next page; null on the last page
   * @param published the prices that are part of the program
   */
  public record PriceListView(
      @Nullable String service,
      String path,
      @Nullable String form,
      List<String> providers,
      FormState filters,
      List<PriceLine> lines,
      @Nullable String next,
      PublishedView published) {
    public PriceListView {
      providers = List.copyOf(providers);
      lines = List.copyOf(lines);
    }
  }
}
