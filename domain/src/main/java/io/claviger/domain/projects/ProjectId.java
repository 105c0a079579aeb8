package io.claviger.domain.projects;

import java.util.UUID;

/** Identifies a project for good. */
public record ProjectId(UUID value) {}
