package io.claviger.console.prices;

import io.claviger.application.prices.Prices;
import io.claviger.application.prices.Prices.SavedPrice;
import io.claviger.application.prices.port.PriceFilter;
import io.claviger.application.prices.port.PricePosition;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.console.page.Links;
import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.PriceContent;
import java.time.LocalDate;
import java.util.Optional;

record DeploymentPrices(Prices prices, Provider provider) implements PriceKeeper {
  static final String LIST = "/console/prices";
  static final String FORM = "/console/price";

  @Override
  public String name() {
    return provider.wireName();
  }

  @Override
  public String list() {
    return Links.to(LIST).with("provider", provider.wireName()).toString();
  }

  @Override
  public String form() {
    return FORM;
  }

  @Override
  public Outcome<Page<ListedPrice, PricePosition>> list(
      Actor actor, PriceFilter filter, PageRequest<PricePosition> page) {
    return Outcome.of(() -> prices.list(actor, Optional.of(provider), filter, page));
  }

  @Override
  public Outcome<SavedPrice> save(
      Actor actor, Precondition precondition, ModelName model, PriceContent content) {
    return prices.save(actor, provider, model, precondition, content);
  }

  @Override
  public Outcome<Integer> delete(Actor actor, ModelName model, LocalDate validFrom) {
    return prices.delete(actor, provider, model, Optional.of(validFrom));
  }
}
