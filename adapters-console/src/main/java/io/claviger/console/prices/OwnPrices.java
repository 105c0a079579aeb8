package io.claviger.console.prices;

import io.claviger.application.prices.Prices.SavedPrice;
import io.claviger.application.prices.ServicePrices;
import io.claviger.application.prices.port.PriceFilter;
import io.claviger.application.prices.port.PricePosition;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.console.page.ServiceAddress;
import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.prices.ListedPrice;
import io.claviger.domain.prices.PriceContent;
import java.time.LocalDate;
import java.util.Optional;

record OwnPrices(ServicePrices prices, Instance.Ref service) implements PriceKeeper {
  static final String LIST = ServiceAddress.PATTERN + "/prices";
  static final String FORM = ServiceAddress.PATTERN + "/price";

  @Override
  public String name() {
    return service.toString();
  }

  @Override
  public String list() {
    return ServiceAddress.path(service) + "/prices";
  }

  @Override
  public String form() {
    return ServiceAddress.path(service) + "/price";
  }

  @Override
  public Outcome<Page<ListedPrice, PricePosition>> list(
      Actor actor, PriceFilter filter, PageRequest<PricePosition> page) {
    return prices.list(actor, service, filter, page);
  }

  @Override
  public Outcome<SavedPrice> save(
      Actor actor, Precondition precondition, ModelName model, PriceContent content) {
    return prices.save(actor, service, model, precondition, content);
  }

  @Override
  public Outcome<Integer> delete(Actor actor, ModelName model, LocalDate validFrom) {
    return prices.delete(actor, service, model, Optional.of(validFrom));
  }
}
