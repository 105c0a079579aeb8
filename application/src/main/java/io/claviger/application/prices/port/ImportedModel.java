package io.claviger.application.prices.port;

import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.PriceTerms;

/**
 * What a list of prices says about a model.
 *
 * @param terms empty if the list states no price
 */
public record ImportedModel(
    Provider provider, ModelName model, PriceTerms terms, ModelBounds bounds) {}
