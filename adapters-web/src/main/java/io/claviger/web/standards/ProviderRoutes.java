package io.claviger.web.standards;

import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@code /v1/providers}: the registry of providers, ordered by name. */
public final class ProviderRoutes implements RouteGroup {
  private static final CursorFormat<String> NAME = new CursorFormat<>(name -> name, name -> name);

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/providers").get(this::list, "limit", "cursor");
  }

  private void list(ApiCall call) {
    PageRequest<String> page = call.page(NAME);
    List<Provider> oneMore =
        Provider.known().stream()
            .sorted(Comparator.comparing(Provider::wireName))
            .filter(p -> page.after().isEmpty() || p.wireName().compareTo(page.after().get()) > 0)
            .limit(page.limit() + 1L)
            .toList();
    call.list(Page.of(oneMore, page.limit(), Provider::wireName), NAME, ProviderJson::of);
  }

  private record ProviderJson(String name, String apiStandard, Optional<String> endpoint) {
    static ProviderJson of(Provider provider) {
      return new ProviderJson(
          provider.wireName(),
          provider.defaultStandard().value(),
          provider.defaultEndpoint().map(Endpoint::url));
    }
  }
}
