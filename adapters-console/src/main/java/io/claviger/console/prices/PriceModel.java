package io.claviger.console.prices;

import io.claviger.console.page.Difference;
import io.claviger.console.page.FormState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form for a price.
 *
 * @param provider the provider that was chosen; null for a service's own price
 * @param path where the form is sent to
 * @param back the address of the list
 * @param stored the price that is changed; null for a new one
 * @param differing what somebody else changed while the form was open
 */
public record PriceModel(
    @Nullable String provider,
    List<String> providers,
    String path,
    String back,
    @Nullable PriceLine stored,
    FormState form,
    List<Difference> differing) {
  public PriceModel {
    providers = List.copyOf(providers);
    differing = List.copyOf(differing);
  }
}
