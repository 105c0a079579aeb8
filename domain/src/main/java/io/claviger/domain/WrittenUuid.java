package io.claviger.domain;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Reads UUIDs that callers write. {@link UUID#fromString} is not used, because it also accepts
 * texts with fewer digits, and several of these texts mean the same UUID.
 */
public final class WrittenUuid {
  private static final Pattern SHAPE =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private WrittenUuid() {}

  /** Returns the UUID; empty if the text is not a UUID with all its digits. */
  public static Optional<UUID> of(String text) {
    return SHAPE.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
  }
}
