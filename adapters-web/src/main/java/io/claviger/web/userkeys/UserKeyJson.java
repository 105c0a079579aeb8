package io.claviger.web.userkeys;

import io.claviger.domain.keys.UserKey;
import java.time.Instant;
import java.util.Optional;

/** Whether the caller stores their own key for a service, and since when. */
record UserKeyJson(boolean hasUserKey, Optional<Instant> setAt) {
  static UserKeyJson of(Optional<UserKey> key) {
    return new UserKeyJson(key.isPresent(), key.map(UserKey::setAt));
  }
}
