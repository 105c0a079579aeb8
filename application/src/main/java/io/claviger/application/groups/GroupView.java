package io.claviger.application.groups;

import io.claviger.domain.groups.Group;

/** The facts about a group that every user sees. */
public record GroupView(Group group, int memberCount) {}
