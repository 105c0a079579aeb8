package io.claviger.application.groups;

import io.claviger.domain.groups.Group;

/** A group, with the data about it that every user may see. */
public record GroupView(Group group, int memberCount) {}
