package io.claviger.domain.prices;

import io.claviger.domain.ModelName;
import java.time.Instant;

/**
 * A price, with the model and the scope to which it applies.
 *
 * @param writtenAt when the price was written
 */
public record ListedPrice(PriceScope scope, ModelName model, Price price, Instant writtenAt) {}
