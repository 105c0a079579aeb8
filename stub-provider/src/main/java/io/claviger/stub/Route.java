package io.claviger.stub;

import org.jspecify.annotations.Nullable;

/**
 * What a path leads to.
 *
 * @param model the model the path names, if it does
 */
record Route(ApiFormat format, StubOperation operation, @Nullable String model) {}
