package io.claviger.domain.routing;

/**
 * A model that a caller can call, under the name that leads to it.
 *
 * @param model the provider's name of the model
 */
public record NamedModel(String name, ModelCandidate service, String model) {}
