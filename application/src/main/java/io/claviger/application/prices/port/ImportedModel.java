package io.claviger.application.prices.port;

import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.PriceTerms;

/**
 * The entry of a model in a price list.
 *
 * @param terms the price; it has no rates if the list states no rates
 */
public record ImportedModel(
    Provider provider, ModelName model, PriceTerms terms, ModelBounds bounds) {}
