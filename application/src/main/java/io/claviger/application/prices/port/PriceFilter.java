package io.claviger.application.prices.port;

import io.claviger.domain.ModelName;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Selects prices. Empty conditions select all prices.
 *
 * @param on selects only prices that are valid on this day (UTC)
 */
public record PriceFilter(Optional<ModelName> model, Optional<LocalDate> on) {
  /** Selects all prices. */
  public static final PriceFilter NONE = new PriceFilter(Optional.empty(), Optional.empty());
}
