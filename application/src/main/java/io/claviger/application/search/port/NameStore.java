package io.claviger.application.search.port;

import io.claviger.application.shared.Sight;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Finds entries by their names. */
public interface NameStore {
  /**
   * Returns entries of a kind that the viewer may see. First come the entries whose handle begins
   * with the prefix of the query, ordered by name. After them come the other entries whose names
   * contain all words of the query, ordered by name. If the query has an owner, the result has only
   * services and projects.
   *
   * @param now the time that decides which shares have expired
   * @param limit the maximum number of entries to return
   * @throws io.claviger.application.shared.QueryTimeout if the query takes longer than a second
   */
  List<Found> find(Kind kind, Sight sight, NameQuery query, Instant now, int limit);

  /** The kinds of entries that can be found. */
  enum Kind {
    SERVICE,
    PERSON,
    GROUP,
    MODEL,
    PROJECT
  }

  /**
   * An entry that was found.
   *
   * @param name {@code owner/handle} for services and projects; the handle for people and groups;
   *     for a model, the name that is used in calls
   * @param displayName the human-readable name; empty if the entry is a project
   */
  record Found(Kind kind, UUID id, String name, String displayName) {}
}
