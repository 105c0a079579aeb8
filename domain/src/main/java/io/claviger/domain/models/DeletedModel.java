package io.claviger.domain.models;

import io.claviger.domain.accounts.Handle;
import java.time.Instant;
import java.util.Optional;

/**
 * A model that was deleted from the catalogue.
 *
 * @param model the former entry, without its services and without being the default
 * @param deletedBy the user who deleted the model; empty if that user was deleted
 */
public record DeletedModel(ModelConfig model, Optional<Handle> deletedBy, Instant at) {}
