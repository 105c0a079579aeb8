package io.claviger.domain.prices;

import io.claviger.domain.ModelName;
import java.time.Instant;

/**
 * A price, and what it is for.
 *
 * @param writtenAt when it was written
 */
public record ListedPrice(PriceScope scope, ModelName model, Price price, Instant writtenAt) {}
