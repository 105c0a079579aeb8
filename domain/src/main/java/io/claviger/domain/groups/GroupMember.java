package io.claviger.domain.groups;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import java.time.Instant;

/** A user in a group. */
public record GroupMember(UserId user, Handle handle, GroupRole role, Instant createdAt) {}
