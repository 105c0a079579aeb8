package io.claviger.application.groups;

import io.claviger.domain.groups.Group;

/**
 * A group, with the data about it that every user may see.
 *
 * @param memberCount the number of members, including managers
 */
public record GroupView(Group group, int memberCount) {}
