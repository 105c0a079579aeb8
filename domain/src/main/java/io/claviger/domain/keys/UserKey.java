package io.claviger.domain.keys;

import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceId;
import java.time.Instant;

/** Says that a user has stored a key of their own for one instance. Only that user learns it. */
public record UserKey(InstanceId instance, UserId user, Instant setAt) {}
