package io.claviger.domain.groups;

import io.claviger.domain.accounts.GranteeId;
import java.util.UUID;

/** Identifies a group permanently. */
public record GroupId(UUID value) implements GranteeId {}
