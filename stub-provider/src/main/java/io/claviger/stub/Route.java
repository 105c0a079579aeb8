package io.claviger.stub;

import org.jspecify.annotations.Nullable;

/**
 * The operation that a path names.
 *
 * @param model the model that the path names; null if it names none
 */
record Route(ApiFormat format, StubOperation operation, @Nullable String model) {}
