package io.claviger.domain.instances;

import java.util.UUID;

/** Identifies an instance for good: shares, projects and keys refer to it, not to its handle. */
public record InstanceId(UUID value) {}
