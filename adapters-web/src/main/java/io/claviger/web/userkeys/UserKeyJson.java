package io.claviger.web.userkeys;

import io.claviger.domain.keys.UserKey;
import java.time.Instant;
import java.util.Optional;

/** That the caller stores a key of their own for a service, and since when; or that they do not. */
record UserKeyJson(boolean hasUserKey, Optional<Instant> setAt) {
  static UserKeyJson of(Optional<UserKey> key) {
    return new UserKeyJson(key.isPresent(), key.map(UserKey::setAt));
  }
}
