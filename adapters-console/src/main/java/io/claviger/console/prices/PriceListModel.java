package io.claviger.console.prices;

import io.claviger.console.page.FormState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of prices.
 *
 * @param service the service whose own they are; null for the deployment's
 * @param path the address of the list, without its query
 * @param form the address of the form for a price; null if the viewer may write none
 * @param providers the providers to choose from; none for a service's own prices
 * @param next the address of the next page; null on the last one
 */
public record PriceListModel(
    @Nullable String service,
    String path,
    @Nullable String form,
    List<String> providers,
    FormState filters,
    List<PriceLine> lines,
    @Nullable String next) {
  public PriceListModel {
    providers = List.copyOf(providers);
    lines = List.copyOf(lines);
  }
}
