package io.claviger.domain.keys;

import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.time.Instant;

/**
 * The fact that a user has stored a key of their own for an instance. Only this user can see
 * whether such a key exists.
 */
public record UserKey(Instance.Id instance, User.Id user, Instant setAt) {}
