package io.claviger.domain.projects;

import java.util.UUID;

/** Identifies a project permanently. */
public record ProjectId(UUID value) {}
