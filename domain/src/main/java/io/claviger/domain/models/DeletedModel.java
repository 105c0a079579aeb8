package io.claviger.domain.models;

import io.claviger.domain.accounts.Handle;
import java.time.Instant;
import java.util.Optional;

/**
 * A model that was taken out of the catalogue.
 *
 * @param model what it was, without its services and its place as the default
 * @param by who deleted it; empty when that user was deleted
 */
public record DeletedModel(ModelConfig model, Optional<Handle> by, Instant at) {}
