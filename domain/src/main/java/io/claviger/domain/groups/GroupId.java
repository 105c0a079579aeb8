package io.claviger.domain.groups;

import java.util.UUID;

/** Identifies a group permanently. */
public record GroupId(UUID value) {}
