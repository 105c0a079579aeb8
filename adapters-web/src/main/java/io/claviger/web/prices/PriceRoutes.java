package io.claviger.web.prices;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.claviger.application.prices.Prices;
import io.claviger.application.prices.PublishedPrices;
import io.claviger.application.prices.port.PriceFilter;
import io.claviger.application.prices.port.PricePosition;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.PriceContent;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.Times;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Query;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.net.URLEncoder;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** {@code /v1/prices}. */
public final class PriceRoutes implements RouteGroup {
  private final Prices prices;

  public PriceRoutes(Prices prices) {
    this.prices = prices;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/prices").get(this::list, "provider", "model", "on", "limit", "cursor");
    routes.at("/v1/prices/_published").get(this::published);
    routes
        .at("/v1/prices/{provider}")
        .put(this::save, "model")
        .delete(this::delete, "model", "valid_from");
  }

  private void list(ApiCall call) {
    Optional<Provider> provider = call.query().value("provider", Provider::of);
    PriceFilter filter = filter(call.query());
    PageRequest<PricePosition> page = call.page(CursorFormat.PRICE);
    call.list(prices.list(call.actor(), provider, filter, page), CursorFormat.PRICE, PriceJson::of);
  }

  private void published(ApiCall call) {
    call.query().rejectUnread();
    call.ok(PublishedJson.of(prices.published(), LocalDate.now(ZoneOffset.UTC)));
  }

  /** The prices that are part of the program. */
  record PublishedJson(String publishedOn, boolean old, List<PublishedPriceJson> items) {
    static PublishedJson of(PublishedPrices published, LocalDate today) {
      return new PublishedJson(
          published.publishedOn().toString(),
          published.isOld(today),
          published.all().stream().map(PublishedPriceJson::of).toList());
    }
  }

  record PublishedPriceJson(
      List<String> hosts,
      String source,
      List<String> models,
      @JsonUnwrapped PriceJson.RatesJson rates,
      Optional<PriceJson.ThresholdJson> longContext,
      List<PriceJson.ThresholdJson> thresholds,
      Map<String, Map<String, String>> tiers,
      long version) {
    static PublishedPriceJson of(PublishedPrices.PublishedPrice price) {
      return new PublishedPriceJson(
          price.hosts(),
          price.source(),
          price.models().stream().map(ModelName::value).toList(),
          PriceJson.RatesJson.of(price.price().rates()),
          PriceJson.ThresholdJson.first(price.price()),
          PriceJson.ThresholdJson.all(price.price()),
          PriceJson.tiers(price.price()),
          price.price().version());
    }
  }

  private void save(ApiCall call) {
    Provider provider = provider(call);
    ModelName model = model(call.query());
    save(
        call,
        new Fixed(Optional.of(provider.wireName()), Optional.empty(), model.value()),
        day -> prices.find(call.actor(), provider, model, day),
        (precondition, content) ->
            prices.save(call.actor(), provider, model, precondition, content),
        PriceJson::of,
        "/v1/prices?provider=" + provider.wireName() + "&model=");
  }

  /**
   * Stores the price that the body of the request contains.
   *
   * @param find a function that finds the price that applies from a given day
   * @param path the address of the price, without the model's name at its end
   */
  static void save(
      ApiCall call,
      Fixed fixed,
      Function<LocalDate, Outcome<ListedPrice>> find,
      BiFunction<Precondition, PriceContent, Outcome<Prices.SavedPrice>> save,
      Function<ListedPrice, PriceJson> shown,
      String path) {
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Optional<PriceContent> content = PriceReader.read(fields);
      Precondition precondition =
          call.done(fields, PriceReader.READ_ONLY, () -> fixed.current(content, find));
      Prices.SavedPrice saved = Problems.valueOf(save.apply(precondition, content.orElseThrow()));
      PriceJson answer = shown.apply(saved.price());
      if (saved.created()) {
        call.created(path + URLEncoder.encode(fixed.model(), UTF_8), answer);
      } else {
        call.ok(answer);
      }
    }
  }

  private void delete(ApiCall call) {
    Provider provider = provider(call);
    ModelName model = model(call.query());
    Optional<LocalDate> from = call.query().value("valid_from", Times.dayOf("valid_from"));
    call.query().rejectUnread();
    Problems.throwIfRefused(prices.delete(call.actor(), provider, model, from));
    call.noContent();
  }

  /** Returns the provider in the path. If the provider is unknown, the answer is 404. */
  private static Provider provider(ApiCall call) {
    try {
      return Provider.of(call.handle("provider").value());
    } catch (InvalidValue e) {
      throw new ProblemException(Problems.NOT_FOUND);
    }
  }

  static ModelName model(Query query) {
    return query.required("model", ModelName::new, "Name the model in the parameter ?model=.");
  }

  static PriceFilter filter(Query query) {
    return new PriceFilter(
        query.value("model", ModelName::new), query.value("on", Times.dayOf("on")));
  }

  /** The fields of a price whose values are given by the path. */
  record Fixed(Optional<String> provider, Optional<String> service, String model) {
    /**
     * Returns the present state of a price. The body of a write is compared with this state.
     *
     * @param content the price in the body; empty if the body contains no readable price
     * @param find a function that finds the price that applies from a given day
     */
    CurrentState current(
        Optional<PriceContent> content, Function<LocalDate, Outcome<ListedPrice>> find) {
      return content
          .map(PriceContent::validFrom)
          .map(find)
          .flatMap(Outcome::asOptional)
          .map(found -> CurrentState.of(this, found.price().version()))
          .orElseGet(() -> CurrentState.nothing(this));
    }
  }
}
