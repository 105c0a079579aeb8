package io.claviger.domain.instances;

import java.util.UUID;

/**
 * Identifies an instance permanently. Shares, projects and keys refer to this id, not to the
 * handle.
 */
public record InstanceId(UUID value) {}
