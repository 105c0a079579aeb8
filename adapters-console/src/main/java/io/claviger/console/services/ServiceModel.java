package io.claviger.console.services;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One service.
 *
 * @param keySetAt when its key was stored (ISO 8601); null if none is
 * @param holders who has a share; null if the viewer may not know
 */
public record ServiceModel(
    ServiceLine line, List<Fact> facts, @Nullable String keySetAt, @Nullable List<Holder> holders) {
  /** A setting. */
  public record Fact(String term, String value) {}

  /**
   * Somebody who has a share.
   *
   * @param name a handle, or that of a group with its {@code @}
   * @param until when the share ends (ISO 8601); null if it does not
   */
  public record Holder(String name, String role, @Nullable String until, String givenBy) {}
}
