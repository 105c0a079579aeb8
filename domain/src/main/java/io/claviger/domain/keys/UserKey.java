package io.claviger.domain.keys;

import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.time.Instant;

/** Says that a user has stored a key of their own for one instance. Only that user learns it. */
public record UserKey(Instance.Id instance, User.Id user, Instant setAt) {}
