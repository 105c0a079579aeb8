package io.claviger.application.groups;

import io.claviger.domain.groups.Group;

/** What every user may see of a group. */
public record GroupView(Group group, int memberCount) {}
