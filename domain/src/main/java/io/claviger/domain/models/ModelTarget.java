package io.claviger.domain.models;

import io.claviger.domain.ModelName;
import io.claviger.domain.instances.Instance;

/**
 * A service that serves an entry of the catalogue.
 *
 * @param model the name by which the provider knows the model
 */
public record ModelTarget(Instance.Id service, ModelName model) {}
