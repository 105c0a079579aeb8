package io.claviger.stub;

import org.jspecify.annotations.Nullable;

/**
 * The operation for a path.
 *
 * @param model the model in the path; null if there is none
 */
record Route(ApiFormat format, StubOperation operation, @Nullable String model) {}
