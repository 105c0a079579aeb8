package io.claviger.application.prices.port;

import io.claviger.domain.ModelName;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.prices.LongContext;
import io.claviger.domain.prices.ModelBounds;
import io.claviger.domain.prices.Rates;
import java.util.Optional;

/**
 * What a list of prices says about a model.
 *
 * @param rates has no rates if the list states no price
 * @param longContext present only if there are rates
 */
public record ImportedModel(
    Provider provider,
    ModelName model,
    Rates rates,
    Optional<LongContext> longContext,
    ModelBounds bounds) {}
