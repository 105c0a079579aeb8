package io.claviger.domain.keys;

import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceId;
import java.time.Instant;

/** That a user stores a key of their own for one instance. Nobody else is told. */
public record UserKey(InstanceId instance, UserId user, Instant setAt) {}
