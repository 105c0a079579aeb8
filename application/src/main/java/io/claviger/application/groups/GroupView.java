package io.claviger.application.groups;

import io.claviger.domain.groups.Group;

/** A group, as every user may see it. */
public record GroupView(Group group, int memberCount) {}
