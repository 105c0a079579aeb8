package io.claviger.console.services;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One service.
 *
 * @param keySetAt when its key was stored (ISO 8601); null if none is
 * @param holders who has a share; null if the viewer may not know
 * @param mayLend whether the viewer may share it
 */
public record ServiceModel(
    ServiceLine line,
    List<Fact> facts,
    @Nullable String keySetAt,
    @Nullable List<Holder> holders,
    boolean mayLend) {
  /** The page on which it is lent. */
  public String lendPath() {
    return line.path() + "/lend";
  }

  /** A setting. */
  public record Fact(String term, String value) {}

  /**
   * Somebody who has a share.
   *
   * @param name a handle, or that of a group with its {@code @}
   * @param until when the share ends (ISO 8601); null if it does not
   */
  public record Holder(String name, String role, @Nullable String until, String givenBy) {
    /** The name as a query contains it. */
    public String nameInQuery() {
      return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
  }
}
