package io.claviger.console.prices;

import io.claviger.application.prices.Prices;
import io.claviger.application.prices.ServicePrices;
import io.claviger.console.page.Area;
import io.claviger.console.page.Days;
import io.claviger.console.page.Fields;
import io.claviger.console.page.ServiceAddress;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.web.pages.Visit;
import java.time.LocalDate;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * One of two groups of pages: the pages about prices of the deployment, or the pages about prices
 * of services. Pages about prices of the deployment have a field for the provider. Pages about
 * prices of a service have the service in their address.
 *
 * @param own whether these are the pages about prices of services
 */
record PriceRealm(Prices prices, ServicePrices servicePrices, boolean own) {
  static final String PROVIDER = "provider";
  static final String MODEL = "model";

  /** The names of the fields that identify a price. */
  static final Set<String> NAMING = Set.of(PROVIDER, MODEL, PriceFields.VALID_FROM);

  /** The path pattern of the page with the form that changes a price. */
  String pattern() {
    return own ? OwnPrices.FORM : DeploymentPrices.FORM;
  }

  Area area() {
    return own ? Area.SERVICES : Area.PRICES;
  }

  /** The names of the fields that identify a price, and of the fields for the price's rates. */
  Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    names.add(PROVIDER);
    names.add(MODEL);
    names.addAll(PriceFields.names());
    return names;
  }

  String form(Visit visit) {
    return own ? ofService(visit).form() : DeploymentPrices.FORM;
  }

  String list(Visit visit) {
    return own ? ofService(visit).list() : DeploymentPrices.LIST;
  }

  /**
   * Returns the service or deployment whose prices the page is about.
   *
   * @throws io.claviger.web.json.InvalidInput if the page is about prices of the deployment, and no
   *     provider was chosen
   */
  PriceKeeper keeper(Visit visit, Fields fields) {
    if (own) {
      return ofService(visit);
    }
    Optional<Provider> provider = fields.required(PROVIDER, "Choose a provider.", Provider::of);
    return new DeploymentPrices(prices, fields.check(provider::orElseThrow));
  }

  /**
   * Finds the price that the fields of the form identify; empty if there is no such price, or if
   * the fields do not identify one.
   */
  Optional<ListedPrice> stored(Visit visit, Fields fields) {
    Optional<ModelName> model = fields.optional(MODEL, ModelName::new);
    Optional<LocalDate> from =
        fields.optional(PriceFields.VALID_FROM, text -> Days.of(PriceFields.VALID_FROM, text));
    Optional<Provider> provider = fields.optional(PROVIDER, Provider::of);
    if (model.isEmpty() || from.isEmpty() || (provider.isEmpty() && !own)) {
      return Optional.empty();
    }
    PriceKeeper keeper =
        own ? ofService(visit) : new DeploymentPrices(prices, provider.orElseThrow());
    return keeper.find(visit.signedIn().actor(), model.get(), from.get());
  }

  private PriceKeeper ofService(Visit visit) {
    return new OwnPrices(servicePrices, ServiceAddress.of(visit));
  }
}
