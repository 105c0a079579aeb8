package io.claviger.application.prices.port;

import io.claviger.domain.ModelName;
import java.time.LocalDate;
import java.util.Optional;

/**
 * The conditions that the prices of a list have to meet. A condition that is empty does not
 * restrict the list.
 *
 * @param on the day (UTC) on which the selected prices are valid; if empty, the validity of prices
 *     does not matter
 */
public record PriceFilter(Optional<ModelName> model, Optional<LocalDate> on) {
  /** Selects all prices. */
  public static final PriceFilter NONE = new PriceFilter(Optional.empty(), Optional.empty());
}
